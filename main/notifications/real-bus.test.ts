/** On a real bus: dbus-daemon, with this process also as the desktop on it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathOf, SessionBus, sessionBusAddress } from '../session-bus/session-bus.ts';
import { FakeDesktop } from '../session-bus/testing/fake-desktop.ts';
import { TrayHost } from '../tray/tray-host.ts';
import { DesktopNotifier } from './desktop-notifier.ts';
import type { Act, Notice } from './notifier.ts';

describe('the address of the bus', () => {
  it.each([
    ['unix:path=/run/user/1000/bus', '/run/user/1000/bus'],
    ['unix:path=/tmp/dbus-x,guid=12ab', '/tmp/dbus-x'],
    ['unix:abstract=/tmp/dbus-x,guid=12ab', '\0/tmp/dbus-x'],
    ['unix:guid=12ab,path=/tmp/a%20b', '/tmp/a b'],
    ['tcp:host=localhost,port=1;unix:path=/tmp/x', '/tmp/x'],
    ['autolaunch:', null],
    ['', null],
    [null, null],
  ])('%j is %j', (address, path) => {
    expect(pathOf(address)).toBe(path);
  });

  it('is that of the environment, else none where systemd has none', () => {
    expect(sessionBusAddress({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' })).toBe('unix:path=/x');
    expect(sessionBusAddress({ XDG_RUNTIME_DIR: '/nowhere' })).toBeNull();
  });
});

// The bus and its programs are those of Linux.
describe.runIf(process.platform === 'linux')('on a real bus', () => {
  let folder: string;
  let desktop: FakeDesktop;
  let bus: SessionBus;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'matchbook-bus-'));
    desktop = await FakeDesktop.start(folder);
    bus = new SessionBus(() => desktop.env.DBUS_SESSION_BUS_ADDRESS);
  });
  afterEach(() => {
    bus.close();
    desktop.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const notice = (more: Partial<Notice> = {}): Notice => ({
    ...{ tag: 'a', title: 'Bob', body: 'x < y', sound: 'system', answerable: true },
    ...more,
  });

  it('notifications are taken, replaced, closed, and answered by a click', async () => {
    await desktop.serveNotifications();
    const notifier = new DesktopNotifier(bus, '/icon.png');
    const acts: [string, Act][] = [];
    notifier.onAct((tag, act) => acts.push([tag, act]));
    expect(await notifier.show(notice())).toEqual({ kind: 'shown', service: 'Test desktop 7' });
    await notifier.show(notice({ body: 'z', sound: 'none' }));
    const [first, second] = desktop.notified;
    expect([first?.sound, second?.sound]).toEqual(['message-new-instant', null]);
    expect(first).toMatchObject({
      title: 'Bob',
      body: 'x &lt; y',
      replaces: 0,
      actions: ['default', 'mark-read'],
    });
    expect(second).toMatchObject({ id: first!.id, replaces: first!.id });
    desktop.press(first!.id);
    desktop.press(first!.id, 'mark-read');
    await expect
      .poll(() => acts)
      .toEqual([
        ['a', { kind: 'open' }],
        ['a', { kind: 'mark-read' }],
      ]);
    notifier.withdraw('a');
    await expect.poll(() => desktop.closed).toEqual([first!.id]);
  });

  it('an action that is pressed at once is heard', async () => {
    await desktop.serveNotifications();
    desktop.pressAtOnce = 'mark-read';
    const notifier = new DesktopNotifier(bus, '/icon.png');
    const acts: string[] = [];
    notifier.onAct((tag, { kind }) => acts.push(`${tag} ${kind}`));
    const tags = Array.from({ length: 20 }, (_, i) => `t${i}`);
    await Promise.all(tags.map((tag) => notifier.show(notice({ tag }))));
    await expect.poll(() => acts.toSorted()).toEqual(tags.map((tag) => `${tag} mark-read`).toSorted());
  });

  it('a service that comes later is found', async () => {
    const notifier = new DesktopNotifier(bus, '/icon.png');
    expect((await notifier.show(notice())).kind).toBe('no-service');
    await desktop.serveNotifications();
    expect((await notifier.show(notice())).kind).toBe('shown');
  });

  it('a bus that goes away is said, and another is used', async () => {
    await desktop.serveNotifications();
    const notifier = new DesktopNotifier(bus, '/icon.png');
    await notifier.show(notice());
    desktop.close();
    await expect.poll(async () => (await notifier.show(notice())).kind).toBe('no-service');
    const next = mkdtempSync(join(folder, 'next-'));
    desktop = await FakeDesktop.start(next);
    await desktop.serveNotifications();
    expect((await notifier.show(notice())).kind).toBe('shown');
    expect(desktop.notified).toHaveLength(1);
  });

  it('without a bus there is no service', async () => {
    const none = new DesktopNotifier(new SessionBus(() => null), '/icon.png');
    expect(await none.show(notice())).toEqual({ kind: 'no-service', message: 'There is no session bus.' });
    const dead = new DesktopNotifier(new SessionBus(() => `unix:path=${folder}/none`), '/icon.png');
    expect((await dead.show(notice())).kind).toBe('no-service');
  });

  it('the tray is where somebody watches for items, and is heard of when it comes', async () => {
    let changes = 0;
    const tray = new TrayHost(bus, () => changes++);
    await tray.look();
    expect([tray.present, changes]).toEqual([false, 0]);
    await desktop.serveTray();
    await expect.poll(() => tray.present).toBe(true);
    expect(changes).toBe(1);
    desktop.close();
    await expect
      .poll(async () => {
        await tray.look();
        return tray.present;
      })
      .toBe(false);
  });

  it('where the platform always has a tray nobody is asked', async () => {
    const tray = new TrayHost(null, () => {});
    await tray.look();
    expect(tray.present).toBe(true);
  });
});
