import { connect, type Socket } from 'node:net';

/** A WebSocket by hand, to say what no library would. */
export class RawSocket {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #wake: () => void = () => {};
  ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    for (const event of ['close', 'error'] as const)
      socket.on(event, () => {
        this.ended = true;
        this.#wake();
      });
  }

  /** A TCP connection, and nothing said. */
  static async dialled(port: number): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawSocket(socket);
  }

  static async upgraded(port: number, path = '/ws'): Promise<RawSocket> {
    const raw = await RawSocket.dialled(port);
    raw.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: matchbook.v1\r\n\r\n',
    );
    await raw.until(() => raw.#received.includes('\r\n\r\n'));
    raw.#received = raw.#received.subarray(raw.#received.indexOf('\r\n\r\n') + 4);
    return raw;
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** One frame of any shape. */
  frame(
    first: number,
    payload: string | Uint8Array,
    { masked = true, length }: { masked?: boolean; length?: number | bigint } = {},
  ): void {
    const body = Buffer.from(payload as string);
    const size = length ?? body.length;
    const mask = Buffer.from([1, 2, 3, 4]);
    const bit = masked ? 0x80 : 0;
    let head: Buffer;
    if (typeof size === 'bigint' || size > 65_535) {
      head = Buffer.alloc(10);
      head[1] = bit | 127;
      head.writeBigUInt64BE(BigInt(size), 2);
    } else if (size > 125) {
      head = Buffer.alloc(4);
      head[1] = bit | 126;
      head.writeUInt16BE(size, 2);
    } else head = Buffer.from([0, bit | size]);
    head[0] = first;
    const said = masked ? Buffer.from(body.map((byte, i) => byte ^ mask[i % 4]!)) : body;
    this.write(Buffer.concat([head, ...(masked ? [mask] : []), said]));
  }

  /** The first bytes of an answer that is no WebSocket's. */
  async start(bytes: number): Promise<string> {
    await this.until(() => this.#received.length >= bytes);
    return this.#received.toString('latin1', 0, bytes);
  }

  /** Frames so far: opcode and payload. */
  get frames(): { opcode: number; payload: Buffer }[] {
    const frames: { opcode: number; payload: Buffer }[] = [];
    let at = 0;
    const bytes = this.#received;
    while (at + 2 <= bytes.length) {
      let length = bytes[at + 1]! & 127;
      let start = at + 2;
      if (length === 126) {
        length = bytes.readUInt16BE(start);
        start += 2;
      } else if (length === 127) {
        length = Number(bytes.readBigUInt64BE(start));
        start += 8;
      }
      if (start + length > bytes.length) break;
      frames.push({ opcode: bytes[at]! & 15, payload: bytes.subarray(start, start + length) });
      at = start + length;
    }
    return frames;
  }

  /** Close code, or 1006 where the connection ended without a word. */
  async closed(within = 10_000): Promise<number> {
    const code = () => this.frames.find(({ opcode }) => opcode === 8)?.payload.readUInt16BE(0);
    await this.until(() => this.ended || code() !== undefined, within);
    return code() ?? 1006;
  }

  async until(condition: () => boolean, within = 10_000): Promise<void> {
    const deadline = Date.now() + within;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0 || this.ended) {
        if (condition()) return;
        throw new Error(
          `Not in time; ${this.ended ? 'the connection ended' : `${this.#received.length} bytes came`}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  pause(): void {
    this.#socket.pause();
  }
  destroy(): void {
    this.#socket.destroy();
  }
}
