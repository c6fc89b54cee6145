/**
 * A stranger's client, written from docs/protocol.md alone: it imports nothing of ours, and its P-numbers are that page's. It keeps its state
 * in memory and could as well keep it in a file: `state` is all that it needs to come back.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

type Json = Record<string, unknown>;

export interface Message {
  conv: string;
  n: number;
  id: string;
  sender: string;
  text: string;
}

/** What it keeps: section 9, steps 1 and 3. */
export interface State {
  api: string;
  user: string;
  secret: string;
  device: { id: string; name: string };
  access: string;
  refresh: string;
  cursor: string | null;
  ticket: string | null;
  /** By conversation, then by n. */
  entries: Map<string, Map<number, Json>>;
  /** Registers by their key (P13). */
  registers: Map<string, Json>;
  outbox: { conv: string; item: Json & { id: string } }[];
  /** What it sent, by id: stubs do not bring it back (P12). */
  sent: Map<string, Json>;
}

export class ProblemError extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(`${kind}: ${message}`);
    this.kind = kind;
  }
}

/** Where an invitation leads (section 1). */
export function readInvitation(link: string): { api: string; secret: string } {
  const encoded = /^matchbook:\/\/join\/(.+)$/.exec(link)?.[1];
  if (!encoded) throw new Error('That is no invitation.');
  return JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
}

async function http(method: string, url: string, body?: Json, token?: string): Promise<Json> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as Json;
  if (!response.ok) throw new ProblemError(String(answer.kind), String(answer.message));
  return answer;
}

/** Registers with an invitation: a new account, whose tokens are in the state. */
export async function register(name: string, invitation: { api: string; secret: string }): Promise<State> {
  const secret = randomBytes(32).toString('base64url');
  const device = { id: randomUUID(), name: 'A stranger' };
  const answer = await http('POST', `${invitation.api}/api/accounts`, {
    name,
    secret,
    device,
    invitation: invitation.secret,
  });
  return {
    api: invitation.api,
    user: String(answer.user),
    secret,
    device,
    access: String(answer.access),
    refresh: String(answer.refresh),
    cursor: null,
    ticket: null,
    entries: new Map(),
    registers: new Map(),
    outbox: [],
    sent: new Map(),
  };
}

/** A fresh access token for the refresh token; with the secret where that is over (section 1). */
export async function refresh(state: State): Promise<void> {
  let answer: Json;
  try {
    answer = await http('POST', `${state.api}/api/sessions/refresh`, { refresh: state.refresh });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.kind !== 'session_ended') throw error;
    const { user, secret, device } = state;
    answer = await http('POST', `${state.api}/api/sessions`, { user, secret, device });
  }
  state.refresh = String(answer.refresh);
  state.access = String(answer.access);
}

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Section 3. */
export function directConversation(one: string, other: string): string {
  const [first, second] = one < other ? [one, other] : [other, one];
  return `d${sha256(`${first}\0${second}`).subarray(0, 16).toString('hex')}`;
}

/** Section 7: the hash over what people composed. */
export function contentHash(conv: string, entry: Json): Buffer {
  if (typeof entry.hash === 'string') return Buffer.from(entry.hash, 'hex');
  const head = `${conv}\0${entry.kind}\0`;
  if (entry.kind === 'create') return sha256(head, [entry.form, ...(entry.members as string[])].join('\0'));
  const body = entry.body as { type: string; text?: string; data?: string };
  const bytes = body.data === undefined ? Buffer.from(body.text ?? '') : Buffer.from(body.data, 'base64url');
  return sha256(head, `${body.type}\0`, bytes);
}

/** Section 7: one link of the chain. */
export function chain(previous: string | null, id: string, kind: string, content: Buffer): string {
  const before = previous === null ? Buffer.alloc(8) : Buffer.from(previous, 'hex');
  return sha256(before, `${id}\0${kind}\0`, content).subarray(0, 8).toString('hex');
}

export class StrangersClient {
  readonly state: State;
  /** Answers by item id: null for an ack, else the kind of the refusal. */
  readonly answers = new Map<string, string | null>();
  /** Section 5, by id. */
  readonly saved = new Map<string, string>();
  resumed = '';
  #socket: WebSocket | null = null;
  #ref = 0;
  readonly #pages = new Map<number, (frame: Json) => void>();
  readonly #pongs: Json[] = [];

  constructor(state: State) {
    this.state = state;
  }

  /** P1, P2, P5: open, hello, welcome; then what was never acknowledged goes out again (P8). */
  async connect(): Promise<void> {
    const { relay } = await http('GET', `${this.state.api}/api/server`);
    const socket = new WebSocket(String(relay), 'matchbook.v1', { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code, reason) => reject(new Error(`closed ${code} ${reason}`)));
      socket.once('open', () => {
        const { access, ticket, device, cursor } = this.state;
        const proof = ticket ? { ticket, token: access } : { token: access };
        this.#send(socket, {
          t: 'hello',
          protocol: 1,
          ...proof,
          device: device.id,
          cursor,
          client: 'stranger',
        });
      });
      socket.on('message', (data) => {
        const frame = JSON.parse(data.toString()) as Json;
        if (frame.t === 'welcome') {
          this.state.ticket = String(frame.ticket);
          this.resumed = String(frame.resume);
          resolve();
        } else this.#hear(socket, frame);
      });
    });
    socket.on('error', () => {});
    this.#socket = socket;
    for (const { conv, item } of this.state.outbox) this.#send(socket, { t: 'append', conv, items: [item] });
  }

  /** As when the network breaks. */
  async drop(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.terminate();
    await closed;
  }

  /** Notes to self are the conversation with oneself. */
  openDirect(other: string): string {
    const { user } = this.state;
    const members = other === user ? [user] : [user, other];
    return this.#append(directConversation(user, other), { kind: 'create', form: 'direct', members });
  }

  say(conv: string, text: string): string {
    return this.#append(conv, { kind: 'message', body: { type: 'text/plain', text } });
  }

  read(conv: string, n: number): string {
    return this.#append(conv, { kind: 'read', n });
  }

  /** P9, P11: complete when the stored cursor is the head. */
  async complete(): Promise<boolean> {
    const at = Date.now();
    this.#send(this.#socket!, { t: 'ping', at });
    for (let i = 0; i < 1_500; i++) {
      const pong = this.#pongs.find((frame) => frame.at === at);
      if (pong) return pong.head === this.state.cursor;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('no pong');
  }

  /** Section 4: the entries of a range, however many pages it takes; they are stored, and no cursor moves. */
  async fetch(conv: string, from: number, to: number): Promise<void> {
    let last = to;
    while (last >= from) {
      const ref = ++this.#ref;
      const answer = new Promise<Json>((resolve) => this.#pages.set(ref, resolve));
      this.#send(this.#socket!, { t: 'fetch', ref, conv, from, to: last });
      const page = await answer;
      if (page.t === 'error') throw new ProblemError(String(page.kind), String(page.message));
      for (const item of page.items as Json[]) this.#keep(item);
      last = Number(page.from) - 1;
    }
  }

  /** The same from the API. */
  async history(conv: string, from: number, to: number): Promise<Json[]> {
    const { api, access } = this.state;
    const page = await http(
      'GET',
      `${api}/api/conversations/${conv}/entries?from=${from}&to=${to}`,
      undefined,
      access,
    );
    return page.items as Json[];
  }

  messages(conv: string): Message[] {
    return [...(this.state.entries.get(conv) ?? [])]
      .sort(([a], [b]) => a - b)
      .filter(([, entry]) => entry.kind === 'message' && entry.body !== undefined)
      .map(([n, entry]) => ({
        conv,
        n,
        id: String(entry.id),
        sender: String(entry.sender),
        text: String((entry.body as Json).text),
      }));
  }

  /** P17: the places whose h is not what it must be, or that are missing before the last. */
  faults(conv: string): number[] {
    const entries = this.state.entries.get(conv) ?? new Map<number, Json>();
    const last = Math.max(0, ...entries.keys());
    const faults: number[] = [];
    for (let n = 1; n <= last; n++) {
      const entry = entries.get(n);
      const before = n === 1 ? null : entries.get(n - 1)?.h;
      if (!entry || before === undefined) {
        faults.push(n);
        continue;
      }
      if (entry.hidden) continue;
      const h = chain(
        before as string | null,
        String(entry.id),
        String(entry.kind),
        contentHash(conv, entry),
      );
      if (h !== entry.h) faults.push(n);
    }
    return faults;
  }

  #append(conv: string, content: Json): string {
    const item = { id: randomUUID(), ...content };
    this.state.outbox.push({ conv, item });
    this.state.sent.set(item.id, item);
    if (this.#socket?.readyState === WebSocket.OPEN)
      this.#send(this.#socket, { t: 'append', conv, items: [item] });
    return item.id;
  }

  #send(socket: WebSocket, frame: Json): void {
    socket.send(JSON.stringify(frame));
  }

  #hear(socket: WebSocket, frame: Json): void {
    switch (frame.t) {
      case 'entries':
        for (const item of frame.items as Json[]) this.#keep(item);
        this.#confirm(socket, String(frame.upTo));
        break;
      case 'heads':
        for (const item of frame.registers as Json[]) this.#keep(item);
        if (frame.upTo) this.#confirm(socket, String(frame.upTo));
        break;
      case 'ack':
        for (const { id } of frame.items as { id: string }[]) this.#settled(id, null);
        break;
      case 'nack':
        for (const { id, kind } of frame.items as { id: string; kind: string }[]) this.#settled(id, kind);
        break;
      case 'saved':
        for (const { id, state } of frame.items as { id: string; state: string }[]) this.saved.set(id, state);
        break;
      case 'pong':
        this.#pongs.push(frame);
        break;
      case 'page':
      case 'error':
        this.#pages.get(Number(frame.ref))?.(frame);
        break;
      default:
      // P3: frames of unknown t are ignored, and heartbeats ask for nothing.
    }
  }

  #confirm(socket: WebSocket, upTo: string): void {
    this.state.cursor = upTo;
    this.#send(socket, { t: 'confirm', upTo });
  }

  #settled(id: string, answer: string | null): void {
    this.answers.set(id, answer);
    this.state.outbox = this.state.outbox.filter(({ item }) => item.id !== id);
  }

  #keep(item: Json): void {
    if (typeof item.reg === 'string') {
      const key = item.reg === 'profile' ? `profile ${item.user}` : `${item.reg} ${item.conv} ${item.user}`;
      this.state.registers.set(key, item);
      return;
    }
    const conv = String(item.conv);
    const entries = this.state.entries.get(conv) ?? new Map<number, Json>();
    this.state.entries.set(conv, entries);
    // P12: an item may come twice; the content of a stub is what was sent.
    const content = item.stub ? { ...this.state.sent.get(String(item.id)), sender: this.state.user } : {};
    entries.set(Number(item.n), { ...content, ...item });
  }
}
