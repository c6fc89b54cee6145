import { createHmac, getRandomValues } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import WebSocket from 'ws';

const id = uuidv7Generator(Date.now, getRandomValues);
const STAMP = /"text":"@(\d+(?:\.\d+)?) /g;
const FILLING = 'x'.repeat(240);

/** A ticket as the relay gives one in `welcome`, good for a day: the API server need not be there. */
export function ticketOf(folder: string, user: string): string {
  const key = readFileSync(join(folder, 'ticket.key'));
  const payload = Buffer.from(JSON.stringify([1, user, 'd', `s-${user}`, Date.now() + 86_400_000])).toString(
    'base64url',
  );
  return `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;
}

/** Somebody who writes to one conversation, reads what comes, and keeps nothing of it. */
export class Writer {
  readonly #socket: WebSocket;
  readonly #conv: string;
  #answers = 0;
  #wake = () => {};
  /** How long each message took that came here, from the moment it was written (ms). */
  delays: number[] = [];

  private constructor(socket: WebSocket, conv: string) {
    this.#socket = socket;
    this.#conv = conv;
    socket.on('message', (data) => this.#hear(String(data)));
    socket.on('close', (code, reason) => {
      if (code !== 1005 && code !== 1006) throw new Error(`${conv} closed: ${code} ${String(reason)}`);
    });
  }

  static async connect(url: string, ticket: string, conv: string): Promise<Writer> {
    const socket = new WebSocket(url, 'matchbook.v1', { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const writer = new Writer(socket, conv);
    socket.send(JSON.stringify({ t: 'hello', protocol: 1, ticket, device: 'd', cursor: null }));
    return writer;
  }

  /** Appends frames of so many messages, four at a time; resolves when all are durable. */
  async fill(frames: number, messages: number): Promise<void> {
    for (let sent = 0, before = this.#answers; this.#answers - before < frames; ) {
      while (sent < frames && sent - (this.#answers - before) < 4) {
        this.write(messages);
        sent += 1;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  write(messages = 1): void {
    const items = Array.from(
      { length: messages },
      () =>
        `{"id":"${id()}","kind":"message","body":{"type":"text/plain","text":"@${performance.now()} ${FILLING}"}}`,
    );
    this.#socket.send(`{"t":"append","conv":"${this.#conv}","items":[${items.join(',')}]}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(text: string): void {
    if (text.startsWith('{"t":"ack"')) {
      this.#answers += 1;
      this.#wake();
      return;
    }
    if (text.startsWith('{"t":"nack"') || text.startsWith('{"t":"error"')) throw new Error(text);
    const upTo = /"upTo":"([^"]+)"/.exec(text.slice(-120))?.[1];
    if (!text.startsWith('{"t":"entries"') || upTo === undefined) return;
    const now = performance.now();
    for (const [, at] of text.matchAll(STAMP)) this.delays.push(now - Number(at));
    this.#socket.send(`{"t":"confirm","upTo":"${upTo}"}`);
  }
}
