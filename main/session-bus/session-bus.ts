/**
 * The desktop's session bus (D-Bus) on Linux: calls, signals, and who owns a name. Connected at the first use, and again after the bus went away.
 * docs/decisions/0017 says why main speaks to it itself.
 */
import { existsSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';

/** Longest wait for an answer, ms. */
const PATIENCE = 5_000;
/** Calls that may wait at once. */
const WAITING = 200;

const DBUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

export interface BusCall {
  destination: string;
  path: string;
  interface: string;
  member: string;
  /** Types of the body, as D-Bus writes them. */
  signature?: string;
  body?: unknown[];
}

/** What went wrong: `no-bus` nobody to talk to, `no-service` nobody has that name, else what the other end said. */
export class BusError extends Error {
  readonly kind: 'no-bus' | 'no-service' | 'refused' | 'no-answer';

  constructor(kind: BusError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What we use of the library, whose own types are older than it. */
interface Message {
  type: number;
  sender?: string;
  path?: string;
  interface?: string;
  member?: string;
  body?: unknown[];
}
interface Connection {
  on(event: 'message', listener: (message: Message) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'end', listener: () => void): void;
  end(): void;
}
interface Client {
  connection: Connection;
  invoke(
    call: BusCall,
    answer: (error: { name: string; message: string } | null, ...values: unknown[]) => void,
  ): void;
}
interface Library {
  createClient(options: { stream: Socket }): Client;
}
const SIGNAL = 4;

type SignalListener = (body: unknown[]) => void;

export class SessionBus {
  readonly #address: () => string | null;
  #client: Client | null = null;
  #waiting = 0;
  #closed = false;
  /** By interface, member and first value. */
  readonly #signals = new Map<string, Set<SignalListener>>();
  readonly #lost = new Set<() => void>();

  /** @param address of the bus, as DBUS_SESSION_BUS_ADDRESS has it; null where there is none */
  constructor(address: () => string | null) {
    this.#address = address;
  }

  /**
   * The body of the answer.
   *
   * @param answered called with it before any signal that comes after it is heard: an awaited answer may come later than a signal of the same packet
   * @throws BusError
   */
  async call(call: BusCall, answered: (values: unknown[]) => void = () => {}): Promise<unknown[]> {
    const client = await this.#connected();
    if (this.#waiting >= WAITING)
      throw new BusError('no-answer', `${WAITING} calls to the desktop are waiting.`);
    this.#waiting++;
    let timer: NodeJS.Timeout | undefined;
    let gone: () => void = () => {};
    try {
      return await new Promise<unknown[]>((resolve, reject) => {
        timer = setTimeout(
          () =>
            reject(new BusError('no-answer', `${call.destination} did not answer within ${PATIENCE} ms.`)),
          PATIENCE,
        );
        gone = () => reject(new BusError('no-bus', 'The connection to the session bus ended.'));
        this.#lost.add(gone);
        client.invoke(call, (error, ...values) => {
          if (!error) {
            answered(values);
            resolve(values);
          } else {
            const absent = /ServiceUnknown|NameHasNoOwner|Spawn|NoServer/.test(error.name);
            reject(new BusError(absent ? 'no-service' : 'refused', error.message || error.name));
          }
        });
      });
    } finally {
      clearTimeout(timer);
      this.#lost.delete(gone);
      this.#waiting--;
    }
  }

  /**
   * Hears a signal of an interface, from whoever sends it.
   *
   * @param first only those whose first value is this text
   */
  onSignal(interfaceName: string, member: string, listener: SignalListener, first = ''): void {
    const key = [interfaceName, member, first].join(' ');
    const listeners = this.#signals.get(key) ?? new Set();
    this.#signals.set(key, listeners.add(listener));
    if (this.#client && listeners.size === 1) this.#subscribe(this.#client, key);
  }

  /** Tells when a name gets another owner, or none. */
  onOwner(name: string, listener: () => void): void {
    this.onSignal(DBUS.interface, 'NameOwnerChanged', listener, name);
  }

  async owned(name: string): Promise<boolean> {
    const [owned] = await this.call({ ...DBUS, member: 'NameHasOwner', signature: 's', body: [name] });
    return owned === true;
  }

  close(): void {
    this.#closed = true;
    this.#client?.connection.end();
    this.#client = null;
  }

  async #connected(): Promise<Client> {
    // Nothing of a start needs it, and what reads its XML is large.
    const { createClient } = (await import('@homebridge/dbus-native')).default as unknown as Library;
    if (this.#client) return this.#client;
    if (this.#closed) throw new BusError('no-bus', 'The app is ending.');
    const path = pathOf(this.#address());
    if (path === null) throw new BusError('no-bus', 'There is no session bus.');
    const client = createClient({ stream: createConnection(path) });
    this.#client = client;
    const ended = () => {
      if (this.#client === client) this.#client = null;
      const lost = [...this.#lost];
      this.#lost.clear();
      for (const tell of lost) tell();
    };
    client.connection.on('error', ended);
    client.connection.on('end', ended);
    client.connection.on('message', ({ type, interface: from, member, body }) => {
      if (type !== SIGNAL) return;
      const firsts = typeof body?.[0] === 'string' && body[0] !== '' ? ['', body[0]] : [''];
      for (const first of firsts)
        for (const listener of this.#signals.get([from, member, first].join(' ')) ?? []) listener(body ?? []);
    });
    for (const key of this.#signals.keys()) this.#subscribe(client, key);
    return client;
  }

  #subscribe(client: Client, key: string): void {
    const [from, member, first] = key.split(' ');
    const rule = `type='signal',interface='${from}',member='${member}'${first ? `,arg0='${first}'` : ''}`;
    client.invoke({ ...DBUS, member: 'AddMatch', signature: 's', body: [rule] }, () => {
      // A bus that refuses it sends none: whoever calls hears of that with the call.
    });
  }
}

/** The bus of this login: as the environment names it, else where systemd puts it. */
export function sessionBusAddress(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.DBUS_SESSION_BUS_ADDRESS) return env.DBUS_SESSION_BUS_ADDRESS;
  const path = `${env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.()}`}/bus`;
  return existsSync(path) ? `unix:path=${path}` : null;
}

/** The first address that a socket of Node can be opened on. An abstract one begins with a NUL. */
export function pathOf(address: string | null): string | null {
  for (const one of address?.split(';') ?? []) {
    const [, key, value] = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(one) ?? [];
    if (!key || !value) continue;
    const path = decodeURIComponent(value);
    return key === 'abstract' ? `\0${path}` : path;
  }
  return null;
}
