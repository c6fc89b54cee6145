import type { BrowserWindow } from 'electron';
import { beforeEach, expect, it } from 'vitest';
import { SessionHost } from './session-host.ts';

/** A page as the host uses it. */
class Page {
  readonly sent: [string, unknown][] = [];
  readonly happened: string[] = [];
  crashed = false;
  destroyed = false;
  #gone: ((event: unknown, details: { reason: string }) => void)[] = [];
  readonly webContents;

  constructor(id: number) {
    this.webContents = {
      id,
      getOSProcessId: () => 1_000 + id,
      isDestroyed: () => this.destroyed,
      isCrashed: () => this.crashed,
      send: (name: string, event: unknown) => void this.sent.push([name, event]),
      on: (_event: string, listener: (event: unknown, details: { reason: string }) => void) =>
        void this.#gone.push(listener),
      forcefullyCrashRenderer: () => {
        this.happened.push('crashed');
        this.die('killed');
      },
    };
  }

  /** Its process ends. */
  die(reason: string) {
    this.crashed = true;
    for (const tell of this.#gone) tell({}, { reason });
  }

  isDestroyed = () => this.destroyed;
  destroy = () => {
    this.destroyed = true;
    this.happened.push('destroyed');
  };
}

let pages: Page[];
let reasons: string[];
let host: SessionHost;
beforeEach(() => {
  pages = [];
  reasons = [];
  host = new SessionHost({
    create: () => {
      pages.push(new Page(pages.length + 1));
      return pages.at(-1) as unknown as BrowserWindow;
    },
    started: (reason) => void reasons.push(reason),
  });
});

it('has no page, tells nobody and is nobody before it is started', () => {
  host.send('host.sound', null);
  expect([host.pid, host.page, host.is(1)]).toEqual([null, 0, false]);
});

it('sends to its present page alone, and knows it by its id', () => {
  host.restart('start');
  host.send('host.contents', { on: true });
  expect(pages[0]!.sent).toEqual([['host.contents', { on: true }]]);
  expect([host.pid, host.page, host.is(1), host.is(2)]).toEqual([1_001, 1, true, false]);
});

it('started anew ends the old page with its process, and only then has a new one', () => {
  host.restart('start');
  host.restart('an account was added');
  // The death of the old page is no reason for a third.
  expect(pages).toHaveLength(2);
  expect(pages[0]!.happened).toEqual(['crashed', 'destroyed']);
  expect([host.page, host.is(1), host.is(2)]).toEqual([2, false, true]);
  expect(reasons).toEqual(['start', 'an account was added']);
});

it('a page whose process ends is followed by another one, and nothing is sent to the dead', () => {
  host.restart('start');
  pages[0]!.die('oom');
  expect(reasons.at(-1)).toBe('its process ended: oom');
  expect(pages).toHaveLength(2);
  // It is dead already: only what is left of it is taken away.
  expect(pages[0]!.happened).toEqual(['destroyed']);
  pages[1]!.crashed = true;
  host.send('host.sound', null);
  expect(pages[1]!.sent).toEqual([]);
});

it('closed it ends its page, and starts none any more', () => {
  host.restart('start');
  host.close();
  host.restart('late');
  expect(pages).toHaveLength(1);
  expect(pages[0]!.happened).toEqual(['crashed', 'destroyed']);
  expect([host.pid, host.is(1), reasons]).toEqual([null, false, ['start']]);
});
