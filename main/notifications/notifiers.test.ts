import { describe, expect, it } from 'vitest';
import { type BusCall, BusError, type SessionBus } from '../session-bus/session-bus.ts';
import { Clock } from '../testing/clock.ts';
import { DesktopNotifier } from './desktop-notifier.ts';
import { ElectronNotifier, type Shown, type ShownOptions } from './electron-notifier.ts';
import type { Act, Notice } from './notifier.ts';

const notice = (more: Partial<Notice> = {}): Notice => ({
  ...{ tag: 't', title: 'Bob', body: 'a <b> & c', sound: 'none', answerable: true },
  ...more,
});

class FakeBus {
  readonly calls: BusCall[] = [];
  readonly #signals = new Map<string, (body: unknown[]) => void>();
  capabilities = ['actions', 'body-markup', 'sound', 'inline-reply'];
  fails: BusError | null = null;
  owner: () => void = () => {};
  #id = 0;

  /** What is heard right after the answer to Notify, in the same packet. */
  atOnce: (id: number) => void = () => {};

  call(call: BusCall, answered: (values: unknown[]) => void = () => {}): Promise<unknown[]> {
    this.calls.push(call);
    if (this.fails) return Promise.reject(this.fails);
    const values = this.#answer(call);
    answered(values);
    if (call.member === 'Notify') this.atOnce(values[0] as number);
    return Promise.resolve(values);
  }
  #answer({ member, body }: BusCall): unknown[] {
    if (member === 'GetCapabilities') return [this.capabilities];
    if (member === 'GetServerInformation') return ['dunst', 'x', '1.9', '1.2'];
    return member === 'Notify' ? [(body![1] as number) || ++this.#id] : [];
  }
  onSignal(_from: string, member: string, listener: (body: unknown[]) => void): void {
    this.#signals.set(member, listener);
  }
  onOwner(_name: string, listener: () => void): void {
    this.owner = listener;
  }
  tell(member: string, ...body: unknown[]): void {
    this.#signals.get(member)!(body);
  }
  sent(member: string): BusCall[] {
    return this.calls.filter((call) => call.member === member);
  }
}

describe('notifications over the desktop’s bus', () => {
  function made() {
    const bus = new FakeBus();
    const acts: [string, Act][] = [];
    const notifier = new DesktopNotifier(bus as unknown as SessionBus, '/icon.png');
    notifier.onAct((tag, act) => acts.push([tag, act]));
    return { bus, notifier, acts };
  }

  it('say who took them, with text kept from being markup only where markup is read', async () => {
    const { bus, notifier } = made();
    expect(await notifier.show(notice())).toEqual({ kind: 'shown', service: 'dunst 1.9' });
    const [, , , title, body, actions] = bus.sent('Notify')[0]!.body!;
    expect([title, body]).toEqual(['Bob', 'a &lt;b&gt; &amp; c']);
    expect(actions).toEqual(['default', 'Open', 'inline-reply', 'Reply', 'mark-read', 'Mark as read']);
    bus.capabilities = [];
    bus.owner();
    await notifier.show(notice({ tag: 'u' }));
    expect(bus.sent('Notify')[1]!.body!.slice(4, 6)).toEqual(['a <b> & c', []]);
  });

  it('say what they are: whose, of what kind, how loud; the desktop plays its sound where it can and was chosen', async () => {
    const { bus, notifier } = made();
    const hintsOf = async (sound: Notice['sound'], capabilities: string[]) => {
      bus.capabilities = capabilities;
      bus.owner();
      await notifier.show(notice({ sound, answerable: false }));
      const call = bus.sent('Notify').at(-1)!;
      expect([call.signature, call.body![0], call.body![2], call.body![7]]).toEqual([
        'susssasa{sv}i',
        'Matchbook',
        '/icon.png',
        -1,
      ]);
      return [call.body![5], ...(call.body![6] as [string, unknown][])];
    };
    const common = [
      ['desktop-entry', ['s', 'matchbook']],
      ['category', ['s', 'im.received']],
      ['urgency', ['y', 1]],
    ];
    expect(await hintsOf('system', ['actions', 'sound', 'inline-reply'])).toEqual([
      ['default', 'Open'],
      ...common,
      ['sound-name', ['s', 'message-new-instant']],
    ]);
    expect(await hintsOf('system', [])).toEqual([[], ...common, ['suppress-sound', ['b', false]]]);
    expect(await hintsOf('none', ['sound'])).toEqual([[], ...common, ['suppress-sound', ['b', true]]]);
  });

  it('of another service have other numbers: nothing of the one before is replaced, closed or heard', async () => {
    const { bus, notifier, acts } = made();
    await notifier.show(notice());
    bus.owner();
    bus.tell('ActionInvoked', 1, 'default');
    notifier.withdraw('t');
    await notifier.show(notice());
    expect(bus.sent('Notify').map(({ body }) => body![1])).toEqual([0, 0]);
    expect([acts, bus.sent('CloseNotification'), bus.sent('GetCapabilities').length]).toEqual([[], [], 2]);
  });

  it('are asked for one at a time a tag: what replaces waits for the number of what it replaces', async () => {
    const { bus, notifier, acts } = made();
    const [one, two] = [notifier.show(notice()), notifier.show(notice({ body: 'two' }))];
    notifier.withdraw('t');
    await Promise.all([one, two]);
    await expect.poll(() => bus.sent('CloseNotification').map(({ body }) => body)).toEqual([[1]]);
    expect(bus.sent('Notify').map(({ body }) => body![1])).toEqual([0, 1]);
    bus.tell('ActionInvoked', 1, 'something-else');
    bus.tell('NotificationReplied', 1, 7);
    expect(acts).toEqual([]);
  });

  it('replace the one of their tag, and are closed once', async () => {
    const { bus, notifier } = made();
    await notifier.show(notice());
    await notifier.show(notice({ body: 'next' }));
    expect(bus.sent('Notify').map(({ body }) => body![1])).toEqual([0, 1]);
    notifier.withdraw('t');
    notifier.withdraw('t');
    await expect.poll(() => bus.sent('CloseNotification').map(({ body }) => body)).toEqual([[1]]);
  });

  it('tell what a person did, and nothing of what we closed or of other programs', async () => {
    const { bus, notifier, acts } = made();
    await notifier.show(notice());
    bus.tell('ActionInvoked', 99, 'default');
    bus.tell('ActionInvoked', 1, 'default');
    bus.tell('ActionInvoked', 1, 'mark-read');
    bus.tell('NotificationReplied', 1, 'on my way');
    bus.tell('NotificationClosed', 99, 2);
    bus.tell('NotificationClosed', 1, 2);
    await notifier.show(notice());
    bus.tell('NotificationClosed', 2, 3);
    expect(acts).toEqual([
      ['t', { kind: 'open' }],
      ['t', { kind: 'mark-read' }],
      ['t', { kind: 'reply', text: 'on my way' }],
      ['t', { kind: 'dismissed' }],
    ]);
  });

  it('tell also what was done with one before its answer was looked at', async () => {
    const { bus, notifier, acts } = made();
    bus.atOnce = (id) => {
      bus.tell('ActionInvoked', id, 'mark-read');
      bus.tell('NotificationClosed', id, 2);
    };
    await notifier.show(notice());
    expect(acts).toEqual([
      ['t', { kind: 'mark-read' }],
      ['t', { kind: 'dismissed' }],
    ]);
    await notifier.show(notice());
    expect(bus.sent('Notify').map(({ body }) => body![1])).toEqual([0, 0]);
  });

  it.each([
    [new BusError('no-bus', 'There is no session bus.'), 'no-service'],
    [new BusError('no-service', 'nobody'), 'no-service'],
    [new BusError('refused', 'too many'), 'failed'],
    [new BusError('no-answer', 'late'), 'failed'],
  ])('say why there is none: %s', async (error, kind) => {
    const { bus, notifier } = made();
    bus.fails = error;
    expect(await notifier.show(notice())).toEqual({ kind, message: error.message });
    bus.fails = null;
    expect((await notifier.show(notice())).kind).toBe('shown');
  });
});

describe('notifications as Electron shows them', () => {
  function made(platform: NodeJS.Platform, supported = true) {
    const clock = new Clock();
    const all: {
      options: ShownOptions;
      closed: boolean;
      emit: (event: string, ...args: unknown[]) => void;
    }[] = [];
    const acts: [string, Act][] = [];
    const notifier = new ElectronNotifier({
      isSupported: () => supported,
      make: (options): Shown => {
        const listeners = new Map<string, (event: unknown, detail?: unknown) => void>();
        const one = {
          options,
          closed: false,
          emit: (event: string, ...args: unknown[]) => listeners.get(event)?.({}, ...args),
        };
        all.push(one);
        return {
          show: () => {},
          close: () => {
            one.closed = true;
            one.emit('close');
          },
          on: (event, listener) => listeners.set(event, listener),
        };
      },
      platform,
      setTimer: clock.setTimer,
    });
    notifier.onAct((tag, act) => acts.push([tag, act]));
    return { notifier, all, acts, clock };
  }

  it.each([
    ['darwin', true],
    ['win32', true],
    ['linux', false],
  ] as const)('have a reply field and "mark as read" on %s: %s', async (platform, has) => {
    const { notifier, all, acts } = made(platform);
    void notifier.show(notice());
    expect(all[0]!.options).toMatchObject({ hasReply: has, silent: true });
    expect(all[0]!.options.actions).toHaveLength(has ? 1 : 0);
    all[0]!.emit('reply', 'yes');
    expect(acts).toEqual([['t', { kind: 'reply', text: 'yes' }]]);
  });

  it('are shown when the system says so, or has said nothing for a while; refused with its reason', async () => {
    const { notifier, all, clock } = made('darwin');
    const first = notifier.show(notice());
    all[0]!.emit('show');
    expect(await first).toEqual({ kind: 'shown', service: null });
    const second = notifier.show(notice());
    all[1]!.emit('failed', 'not allowed');
    expect(await second).toEqual({ kind: 'failed', message: 'not allowed' });
    const third = notifier.show(notice());
    clock.advance(3_000);
    expect((await third).kind).toBe('shown');
    expect((await made('win32', false).notifier.show(notice())).kind).toBe('unsupported');
  });

  it('replace by closing the one before, whose end is no act of the person', async () => {
    const { notifier, all, acts } = made('win32');
    void notifier.show(notice({ sound: 'system' }));
    void notifier.show(notice());
    expect(all.map(({ closed }) => closed)).toEqual([true, false]);
    expect(all[0]!.options.silent).toBe(false);
    expect(acts).toEqual([]);
    all[1]!.emit('action', 0);
    all[1]!.emit('close');
    expect(acts).toEqual([['t', { kind: 'mark-read' }]]);
  });
});
