import type { Entries, Heads, NackItem, Welcome } from '@matchbook/protocol/frames';
import WebSocket from 'ws';

/** A frame of any kind, with the fields that tests look at. */
// biome-ignore lint/suspicious/noExplicitAny: frames are asserted field by field in the tests
export type AnyFrame = { t: string } & Record<string, any>;
/** An item of any kind, likewise. */
export interface Seen {
  conv: string;
  n: number;
  m: number;
  h: string;
  id: string;
  kind?: string;
  sender: string;
  body: { type: string; text: string };
  stub?: true;
  reg?: string;
  user: string;
  name: string;
}

/** A device in a test: keeps every frame, confirms what it is told to, and waits for conditions. */
export class TestClient {
  readonly frames: AnyFrame[] = [];
  readonly #socket: WebSocket;
  #waiting: (() => void)[] = [];
  #closed: { code: number; reason: string } | null = null;
  /** Confirm every batch as it comes. */
  confirming = true;

  constructor(url: string, options: WebSocket.ClientOptions = {}, protocols: string[] = ['matchbook.v1']) {
    this.#socket = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    this.#socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as AnyFrame;
      this.frames.push(frame);
      if (this.confirming && (frame.t === 'entries' || frame.t === 'heads') && frame.upTo)
        this.send({ t: 'confirm', upTo: frame.upTo });
      this.#wake();
    });
    this.#socket.on('error', () => this.#wake());
    this.#socket.on('close', (code, reason) => {
      this.#closed = { code, reason: String(reason) };
      this.#wake();
    });
  }

  /** Connects and waits for welcome. */
  static async welcomed(
    url: string,
    hello: { token?: string; ticket?: string; device: string; cursor?: string | null },
    confirming = true,
  ): Promise<TestClient> {
    const client = new TestClient(url);
    client.confirming = confirming;
    await client.opened();
    client.send({ t: 'hello', protocol: 1, ...hello });
    await client.frame('welcome');
    return client;
  }

  async opened(): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN) return;
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
  }

  send(frame: object | string): void {
    if (this.#socket.readyState === WebSocket.OPEN)
      this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Stops and goes on reading from the socket. */
  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }

  get welcome(): Welcome {
    return this.frames.find((frame) => frame.t === 'welcome') as unknown as Welcome;
  }

  /** All items of all batches and pages, in order of arrival. */
  get items(): Seen[] {
    return this.frames
      .filter((frame) => frame.t === 'entries')
      .flatMap((frame) => (frame as unknown as Entries).items as unknown as Seen[]);
  }
  /** Conversation entries. */
  get entries(): Seen[] {
    return this.items.filter((item) => item.reg === undefined);
  }
  registers(reg: string): Seen[] {
    return this.items.filter((item) => item.reg === reg);
  }
  get messages(): Seen[] {
    return this.items.filter((item) => item.kind === 'message');
  }
  get texts(): string[] {
    return this.messages.map((item) => (item.body as { text: string }).text);
  }
  get acked(): { id: string; n: number; m: number; h: string }[] {
    return this.frames.filter((frame) => frame.t === 'ack').flatMap((frame) => frame.items);
  }
  get nacked(): NackItem[] {
    return this.frames.filter((frame) => frame.t === 'nack').flatMap((frame) => frame.items);
  }
  get saved(): { id: string; state: string; reason?: string }[] {
    return this.frames.filter((frame) => frame.t === 'saved').flatMap((frame) => frame.items);
  }
  get heads(): Heads[] {
    return this.frames.filter((frame) => frame.t === 'heads') as unknown as Heads[];
  }
  /** The last upTo. */
  get cursor(): string {
    return this.frames.filter((frame) => frame.upTo).at(-1)?.upTo ?? '';
  }

  /** Waits until something holds; looks again with every frame. Fails after 10 s, or when the socket is gone. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!holds()) {
      if (this.#closed)
        throw new Error(`Closed (${this.#closed.code} ${this.#closed.reason}) before: ${what}`);
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`Not within 10 s: ${what}. Frames: ${JSON.stringify(this.frames).slice(-2_000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async frame(t: string, which: (frame: AnyFrame) => boolean = () => true): Promise<AnyFrame> {
    const find = () => this.frames.find((frame) => frame.t === t && which(frame));
    await this.until(`a frame ${t}`, () => find() !== undefined);
    return find()!;
  }

  /** A ping and its pong: everything that was sent before has been handled. */
  async roundTrip(): Promise<AnyFrame> {
    const at = Math.floor(performance.now() * 1_000);
    this.send({ t: 'ping', at });
    return await this.frame('pong', (frame) => frame.at === at);
  }

  /** Appends and waits for the answers to all of these items. */
  async append(conv: string, items: readonly object[]): Promise<void> {
    const answers = () => this.acked.length + this.nacked.length;
    const before = answers();
    this.send({ t: 'append', conv, items });
    await this.until('answers to an append', () => answers() >= before + items.length);
  }

  async say(conv: string, id: string, text: string): Promise<void> {
    await this.append(conv, [message(id, text)]);
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  async closed(): Promise<{ code: number; reason: string }> {
    const deadline = Date.now() + 10_000;
    while (!this.#closed) {
      if (Date.now() > deadline) throw new Error('The socket stays open.');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.#closed;
  }

  close(): void {
    this.#socket.terminate();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one();
  }
}

export const message = (id: string, text: string) => ({
  id,
  kind: 'message',
  body: { type: 'text/plain', text },
});
