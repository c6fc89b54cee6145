import WebSocket from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: frames are asserted field by field in the tests
type Frame = Record<string, any>;

/** A client of the first servers, written from their page alone: no subprotocol, the token in the address. */
export class LegacyClient {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  #wake: () => void = () => {};
  code: number | null = null;

  private constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.#wake();
    });
    this.#socket.on('close', (code) => {
      this.code = code;
      this.#wake();
    });
    this.#socket.on('error', () => {});
  }

  static async connected(base: string, id: string, token: string, path = '/ws'): Promise<LegacyClient> {
    const client = new LegacyClient(`${base}${path}?id=${id}&token=${token}`);
    await client.until(() => client.frames.length > 0 || client.code !== null);
    return client;
  }

  send(frame: Frame | string): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  async until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 8_000;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`Not in time; got ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}
