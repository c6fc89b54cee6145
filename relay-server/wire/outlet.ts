import type { Duplex } from 'node:stream';
import { toBytes } from '@matchbook/protocol/msgpack';
import type { WebSocket } from 'ws';
import { frameBytes, OPCODE } from './frame-bytes.ts';
import type { Turn } from './turn.ts';

export type Codec = 'json' | 'msgpack';

/** Bytes in the socket's buffer above which nothing more is read from the peer. */
const FULL = 1024 * 1024;
/** Bytes that wait above which typing and presence are dropped. */
const EPHEMERAL = 16 * 1024;

/** A frame that many connections get: its bytes are made once a codec. */
export class SharedFrame {
  readonly text: string;
  #json: Buffer | null = null;
  #msgpack: Buffer | null = null;

  constructor(text: string) {
    this.text = text;
  }

  bytes(codec: Codec): Buffer {
    if (codec === 'json') this.#json ??= bytesOf(this.text, codec);
    else this.#msgpack ??= bytesOf(this.text, codec);
    return (codec === 'json' ? this.#json : this.#msgpack)!;
  }
}

function bytesOf(text: string, codec: Codec): Buffer {
  return codec === 'json'
    ? frameBytes(OPCODE.text, text)
    : frameBytes(OPCODE.binary, toBytes(JSON.parse(text)));
}

/** Who frames come from. */
export type Peer = Pick<WebSocket, 'pause' | 'resume'>;

/** Where compression was agreed upon, ws writes every frame itself. */
export type Compressor = (payload: string | Uint8Array, opcode: number) => void;

/**
 * What a connection writes. Everything of one turn goes to the socket in one write; ws, which writes closes and pongs itself, uses the
 * same socket without compression, so that whole frames may stand between its own.
 */
export class Outlet {
  readonly #socket: Duplex;
  readonly #turn: Turn;
  readonly #codec: Codec;
  readonly #peer: Peer;
  readonly #compressor: Compressor | null;
  #queue: Buffer[] = [];
  #queued = 0;
  #isFull = false;
  /** It is on the turn's list. */
  #listed = false;

  /**
   * @param peer is read from no more while it does not read what it is answered
   * @param compressor instead of the socket
   */
  constructor(socket: Duplex, turn: Turn, codec: Codec, peer: Peer, compressor: Compressor | null = null) {
    this.#compressor = compressor;
    this.#socket = socket;
    this.#turn = turn;
    this.#codec = codec;
    this.#peer = peer;
  }

  get codec(): Codec {
    return this.#codec;
  }

  /** Bytes that are not with the operating system yet. */
  get waiting(): number {
    return this.#queued + this.#socket.writableLength;
  }

  send(text: string): number {
    return this.#compressor ? this.#compress(text) : this.#push(bytesOf(text, this.#codec));
  }

  share(frame: SharedFrame): number {
    return this.#compressor ? this.#compress(frame.text) : this.#push(frame.bytes(this.#codec));
  }

  /** Goes along with the next write; on its own at the next `flush`. */
  alongside(text: string): void {
    if (this.#compressor) {
      this.#compress(text);
      return;
    }
    this.#add(bytesOf(text, this.#codec));
  }

  /** Typing and presence: the first to be dropped. What has time goes along with the next write, or at the next `flush`. */
  offer(frame: SharedFrame, when: 'now' | 'soon'): void {
    if (this.waiting > EPHEMERAL) return;
    if (when === 'now' || this.#compressor) this.share(frame);
    else this.#add(frame.bytes(this.#codec));
  }

  ping(payload: Uint8Array): void {
    if (this.#compressor) this.#compressor(payload, OPCODE.ping);
    else this.#push(frameBytes(OPCODE.ping, payload));
  }

  /** One write of all that was sent in this turn. */
  flush(): void {
    this.#listed = false;
    if (this.#queue.length === 0) return;
    const bytes = this.#queue.length === 1 ? this.#queue[0]! : Buffer.concat(this.#queue, this.#queued);
    this.#queue = [];
    this.#queued = 0;
    if (!this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#isFull || this.#socket.writableLength <= FULL) return;
    // Answers are bounded by questions: who does not read is not read from.
    this.#isFull = true;
    this.#peer.pause();
    this.#socket.once('drain', () => {
      this.#isFull = false;
      this.#peer.resume();
    });
  }

  #compress(text: string): number {
    const payload = this.#codec === 'json' ? text : toBytes(JSON.parse(text));
    this.#compressor!(payload, this.#codec === 'json' ? OPCODE.text : OPCODE.binary);
    return payload.length;
  }

  #add(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
  }

  #push(bytes: Buffer): number {
    this.#add(bytes);
    if (!this.#listed) {
      this.#listed = true;
      this.#turn.written(this);
    }
    return bytes.length;
  }
}

/** The outlet of a WebSocket on its socket. */
export function outletOf(ws: WebSocket, socket: Duplex, codec: Codec, turn: Turn): Outlet {
  if (!ws.extensions.includes('permessage-deflate')) return new Outlet(socket, turn, codec, ws);
  return new Outlet(socket, turn, codec, ws, (payload, opcode) => {
    if (opcode === OPCODE.ping) ws.ping(payload);
    else ws.send(payload, { binary: opcode === OPCODE.binary });
    if (ws.bufferedAmount <= FULL) return;
    ws.pause();
    socket.once('drain', () => ws.resume());
  });
}
