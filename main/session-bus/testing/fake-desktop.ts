/**
 * A desktop for notifications and tray: a session bus of its own, on which this process is the notification service and the tray's watcher. It sees what
 * the app really sent, and does what a person does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import library from '@homebridge/dbus-native';

interface Message {
  type: number;
  serial: number;
  sender: string;
  path: string;
  interface: string;
  member: string;
  body?: unknown[];
}
interface Client {
  connection: { on(event: string, listener: (message: Message) => void): void; end(): void };
  invoke(call: object, answer: (error: { message: string } | null, ...values: unknown[]) => void): void;
  sendReply(message: Message, signature: string, body: unknown[]): void;
  sendSignal(path: string, from: string, name: string, signature: string, body: unknown[]): void;
  exportInterface(object: object, path: string, description: object): void;
  setMethodCallHandler(
    path: string,
    from: string,
    member: string,
    handler: [(...args: never[]) => unknown, string],
  ): void;
}
/** Bound of every wait, ms. */
const PATIENCE = 20_000;
const { createClient } = library as unknown as { createClient(options: object): Client };

const NOTIFICATIONS = 'org.freedesktop.Notifications';
const NOTIFICATIONS_PATH = '/org/freedesktop/Notifications';
const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

export interface Notified {
  id: number;
  replaces: number;
  title: string;
  body: string;
  /** Ids alone. */
  actions: string[];
  /** The sound that the desktop is to make, by its name; null: none. */
  sound: string | null;
}

export class FakeDesktop {
  readonly env: { DBUS_SESSION_BUS_ADDRESS: string };
  readonly notified: Notified[] = [];
  readonly closed: number[] = [];
  /** What registered in the tray: a bus name or a path, and who sent it. */
  readonly items: { service: string; sender: string }[] = [];
  /** An action that is pressed on each one as soon as it is there. */
  pressAtOnce: string | null = null;
  readonly #daemon: ChildProcess;
  readonly #client: Client;
  #ids = 0;

  private constructor(daemon: ChildProcess, address: string, client: Client) {
    this.#daemon = daemon;
    this.env = { DBUS_SESSION_BUS_ADDRESS: address };
    this.#client = client;
  }

  /** A bus in this folder on which nobody serves anything yet. */
  static async start(folder: string): Promise<FakeDesktop> {
    const socket = join(folder, 'bus');
    const daemon = spawn(
      'dbus-daemon',
      ['--session', '--nofork', '--nopidfile', `--address=unix:path=${socket}`, '--print-address=1'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const started = bounded('the bus to start', once(daemon.stdout!, 'data')) as Promise<[Buffer]>;
    const [line] = await started.catch((error: unknown) => {
      daemon.kill();
      throw error;
    });
    const address = String(line).trim();
    const client = createClient({ stream: createConnection(socket) });
    client.connection.on('error', () => {});
    return new FakeDesktop(daemon, address, client);
  }

  /** This process shows notifications from here on. */
  async serveNotifications(): Promise<void> {
    const serve = (member: string, signature: string, work: (...args: never[]) => unknown) =>
      this.#client.setMethodCallHandler(NOTIFICATIONS_PATH, NOTIFICATIONS, member, [work, signature]);
    serve('GetCapabilities', 'as', () => ['body', 'body-markup', 'actions', 'sound']);
    serve('GetServerInformation', 'ssss', () => ['Test desktop', 'tests', '7', '1.2']);
    serve('Notify', 'u', (...args: never[]) => {
      const [, replaces, , title, body, actions, hints] = args as unknown as [
        string,
        number,
        string,
        string,
        string,
        string[],
        [name: string, value: [signature: unknown, [unknown]]][],
      ];
      const id = replaces || ++this.#ids;
      const named = hints.find(([name]) => name === 'sound-name')?.[1][1][0];
      this.notified.push({
        ...{ id, replaces, title, body, actions: actions.filter((_, i) => i % 2 === 0) },
        sound: named === undefined ? null : String(named),
      });
      const action = this.pressAtOnce;
      // After the answer and before the next packet.
      if (action !== null) setImmediate(() => this.press(id, action));
      return id;
    });
    serve('CloseNotification', '', (...args: never[]) => {
      const [id] = args as unknown as [number];
      this.closed.push(id);
      this.#client.sendSignal(NOTIFICATIONS_PATH, NOTIFICATIONS, 'NotificationClosed', 'uu', [id, 3]);
    });
    await this.#own(NOTIFICATIONS);
  }

  /** There is a tray from here on. */
  async serveTray(): Promise<void> {
    this.#client.connection.on('message', (message) => {
      if (message.member !== 'RegisterStatusNotifierItem' || message.interface !== WATCHER) return;
      this.items.push({ service: String(message.body?.[0]), sender: message.sender });
    });
    this.#client.exportInterface(
      {
        RegisterStatusNotifierItem: () => undefined,
        IsStatusNotifierHostRegistered: true,
        ProtocolVersion: 0,
      },
      WATCHER_PATH,
      {
        name: WATCHER,
        methods: { RegisterStatusNotifierItem: ['s', ''] },
        properties: { IsStatusNotifierHostRegistered: 'b', ProtocolVersion: 'i' },
      },
    );
    await this.#own(WATCHER);
  }

  /** The person clicks on it. */
  press(id: number, action = 'default'): void {
    this.#client.sendSignal(NOTIFICATIONS_PATH, NOTIFICATIONS, 'ActionInvoked', 'us', [id, action]);
  }

  /** The last one that says this, once there is one. */
  async newest(text: string): Promise<Notified> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const found = this.notified.findLast(({ title, body }) => `${title}\n${body}`.includes(text));
      if (found) return found;
      if (performance.now() > end) throw new Error(`Waited in vain for a notification with "${text}".`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the item says on hover. */
  async tooltip(): Promise<string> {
    const value = await this.#item('org.freedesktop.DBus.Properties', 'Get', 'ss', [ITEM, 'ToolTip']);
    return JSON.stringify(value);
  }

  /** Presses an entry of the item's menu. */
  async pressMenu(label: string): Promise<void> {
    const { sender } = this.items.at(-1)!;
    const [, path] = JSON.stringify(
      await this.#item('org.freedesktop.DBus.Properties', 'Get', 'ss', [ITEM, 'Menu']),
    ).match(/"(\/[^"]+)"/)!;
    // Before it comes the layout's revision.
    const [, layout] = await this.#call({
      ...{ destination: sender, path, interface: MENU, member: 'GetLayout', signature: 'iias' },
      body: [0, -1, []],
    });
    const id = entryOf(layout, label);
    if (id === null) throw new Error(`The menu has no ${label}: ${JSON.stringify(layout)}`);
    await this.#call({
      ...{ destination: sender, path, interface: MENU, member: 'Event', signature: 'isvu' },
      body: [id, 'clicked', ['s', ''], 0],
    });
  }

  close(): void {
    this.#client.connection.end();
    this.#daemon.kill();
  }

  async #item(from: string, member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    const item = this.items.at(-1);
    if (!item) throw new Error('Nothing registered in the tray.');
    const path = item.service.startsWith('/') ? item.service : '/StatusNotifierItem';
    const destination = item.service.startsWith('/') ? item.sender : item.service;
    return await this.#call({ destination, path, interface: from, member, signature, body });
  }

  #own(name: string): Promise<unknown[]> {
    return this.#call({ ...BUS, member: 'RequestName', signature: 'su', body: [name, 4] });
  }

  #call(call: object): Promise<unknown[]> {
    return bounded(
      `the answer to ${JSON.stringify(call)}`,
      new Promise<unknown[]>((resolve, reject) => {
        this.#client.invoke(call, (error, ...values) =>
          error ? reject(new Error(error.message)) : resolve(values),
        );
      }),
    );
  }
}

async function bounded<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain: ${what}.`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The number of the entry with this label, somewhere in a menu's layout: [id, properties, children]. */
function entryOf(layout: unknown, label: string): number | null {
  if (!Array.isArray(layout)) return null;
  if (typeof layout[0] === 'number' && JSON.stringify(layout[1]).includes(JSON.stringify(label)))
    return layout[0];
  for (const part of layout) {
    const found = entryOf(part, label);
    if (found !== null) return found;
  }
  return null;
}
