/**
 * A system bus of its own on which this process is the login service (org.freedesktop.login1): Electron's powerMonitor hears from it that the machine sleeps and
 * wakes. An app that is on it must end before it does: Chromium takes the end of its bus for the end of the machine, and aborts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import library from '@homebridge/dbus-native';

interface Client {
  connection: {
    on(event: string, listener: (message: { member?: string; interface?: string }) => void): void;
    end(): void;
  };
  invoke(call: object, answer: (error: { message: string } | null) => void): void;
  sendSignal(path: string, from: string, name: string, signature: string, body: unknown[]): void;
  setMethodCallHandler(
    path: string,
    from: string,
    member: string,
    handler: [(...args: never[]) => unknown, string],
  ): void;
}
const { createClient } = library as unknown as { createClient(options: object): Client };

const LOGIN = 'org.freedesktop.login1';
const MANAGER = 'org.freedesktop.login1.Manager';
const PATH = '/org/freedesktop/login1';
/** Bound of every wait, ms. */
const PATIENCE = 20_000;

export class FakeLogin {
  readonly env: { DBUS_SYSTEM_BUS_ADDRESS: string };
  readonly #daemon: ChildProcess;
  readonly #client: Client;
  /** Somebody asked the service for something: it is heard from then on. */
  #asked: () => void = () => {};
  readonly asked = new Promise<void>((resolve) => {
    this.#asked = resolve;
  });

  private constructor(daemon: ChildProcess, address: string, client: Client) {
    this.#daemon = daemon;
    this.#client = client;
    this.env = { DBUS_SYSTEM_BUS_ADDRESS: address };
  }

  static async start(folder: string): Promise<FakeLogin> {
    const socket = join(folder, 'system-bus');
    const daemon = spawn(
      'dbus-daemon',
      ['--session', '--nofork', '--nopidfile', `--address=unix:path=${socket}`, '--print-address=1'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const timer = setTimeout(() => daemon.kill(), PATIENCE);
    const [line] = (await once(daemon.stdout!, 'data')) as [Buffer];
    clearTimeout(timer);
    const client = createClient({ stream: createConnection(socket) });
    client.connection.on('error', () => {});
    const login = new FakeLogin(daemon, String(line).trim(), client);
    await login.#serve();
    return login;
  }

  /** The machine is about to sleep, or has woken. */
  sleep(begins: boolean): void {
    this.#client.sendSignal(PATH, MANAGER, 'PrepareForSleep', 'b', [begins]);
  }

  close(): void {
    this.#client.connection.end();
    this.#daemon.kill();
  }

  async #serve(): Promise<void> {
    // The answer would be a file descriptor, which this library cannot send: the lock is refused, and sleep is told all the same.
    this.#client.setMethodCallHandler(PATH, MANAGER, 'Inhibit', [
      () => {
        this.#asked();
        throw new Error('There are no locks here.');
      },
      'h',
    ]);
    await new Promise<void>((resolve, reject) => {
      this.#client.invoke(
        {
          ...{ destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' },
          ...{ interface: 'org.freedesktop.DBus', member: 'RequestName', signature: 'su', body: [LOGIN, 4] },
        },
        (error) => (error ? reject(new Error(error.message)) : resolve()),
      );
    });
  }
}
