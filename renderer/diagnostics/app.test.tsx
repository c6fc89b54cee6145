import type { LogEvent, Overview } from '@matchbook/protocol/bridge/diagnostics';
import type { Figures } from '@matchbook/protocol/bridge/figures';
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WordsProvider } from '../i18n/words.tsx';
import { ComponentBase } from '../ui/base/component-base.tsx';
import { DiagnosticsApp } from './app.tsx';
import { Desk, DeskContext } from './desk.ts';

const T0 = 1_700_000_000_000;

function overview(): Overview {
  return {
    now: T0,
    links: [
      {
        account: 'acc',
        name: 'Ann',
        serverName: 'Here',
        api: 'http://127.0.0.1:1',
        relay: 'ws://127.0.0.1:2/ws',
        embedded: true,
        state: {
          kind: 'waiting',
          attempt: 3,
          at: T0 + 4_000,
          cause: { at: T0 - 1_000, phase: 'live', code: 4_411, message: 'silent' },
        },
        since: T0 - 1_000,
        lastEnd: { at: T0 - 1_000, phase: 'live', code: 4_411, message: 'silent', who: 'relay' },
        counts: { dials: 5, connections: 2, ends: 2 },
        attempts: 2,
        lastData: T0 - 65_000,
        lastTrip: { at: T0 - 66_000, ms: 31 },
        stretches: [{ at: T0 - 70_000, frames: 4, bytes: 900, silence: 20_000, trips: [31, 40] }],
        stored: 90,
        head: 97,
        depths: {
          outbox: { waiting: 2, failed: 1, oldest: T0 - 9_000 },
          holes: { ranges: 1, entries: 6, first: [{ conv: 'bob', from: 4, to: 9 }] },
        },
      },
    ],
    marks: [{ at: T0 - 60_000, kind: 'suspend' }],
    host: { startedAt: T0 - 100_000, lastReport: T0 - 500, starts: 1 },
    online: true,
    embedded: null,
    versions: { app: '0.1.0', electron: '45', chrome: '1', node: '20', system: 'linux', protocol: 1 },
    log: { first: 1, last: 0, bytes: 0 },
    contents: false,
  };
}

function figures(): Figures {
  return {
    now: T0,
    start: 1_180,
    processes: [
      { pid: 11, kind: 'main', memory: 150_000_000, cpu: 12 },
      { pid: 12, kind: 'session-host', memory: 90_000_000, cpu: null },
    ],
    hidden: { seconds: 300, percent: 0.31 },
    bubble: { count: 40, p50: 14, p99: 31 },
    queued: null,
    frames: { count: 2, longest: 180 },
    caughtUp: { at: T0, entries: 10_000, ms: 3_400 },
  };
}

function stage() {
  const world = {
    overview: overview(),
    figures: figures(),
    events: [] as object[],
    calls: [] as [string, Record<string, unknown>][],
    answers: {} as Record<string, unknown>,
  };
  const listeners = new Map<string, (event: never) => void>();
  const put = (type: string, more: Partial<LogEvent> = {}) =>
    world.events.push({
      ...{ no: world.events.length + 1, at: T0, account: 'acc', via: 'socket', dir: 'in', type, size: 9 },
      ...more,
    });
  const bridge = {
    call: async (name: string, request: Record<string, unknown>) => {
      world.calls.push([name, request]);
      const value = () => {
        if (name in world.answers) return world.answers[name];
        if (name === 'diagnostics.overview') return world.overview;
        if (name === 'diagnostics.figures') return world.figures;
        if (name === 'diagnostics.names') return [{ account: 'acc', conv: 'bob', title: 'Bob' }];
        if (name === 'diagnostics.log')
          return {
            lines: world.events.slice(request.after as number).map((event) => JSON.stringify(event)),
            first: 1,
            last: world.events.length,
          };
        return null;
      };
      return { ok: true, value: value() };
    },
    on: (name: string, listener: (event: never) => void) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
  };
  const desk = new Desk({ bridge: bridge as never, isVisible: () => true, repeat: () => () => {} });
  const open = async () => {
    desk.start();
    render(
      <WordsProvider locale="en">
        <DeskContext value={desk}>
          <ComponentBase>
            <DiagnosticsApp />
          </ComponentBase>
        </DeskContext>
      </WordsProvider>,
    );
    await screen.findByTestId('link-card');
  };
  const asked = (name: string) =>
    world.calls.filter(([called]) => called === name).map(([, request]) => request);
  return { world, put, desk, open, asked };
}

beforeEach(() => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(cleanup);

describe('the diagnostics window', () => {
  it('servers of this app are told, with what stands before them for others, or why nothing does', async () => {
    const { world, open } = stage();
    const running = { state: 'running', since: T0, attempt: 0, at: null, pid: 7, detail: null } as const;
    const lan = { on: true, port: 5_000, address: null, chosen: null, addresses: [], words: null };
    const embedded = { relay: running, api: running, lan: { ...lan, keyTrouble: null, front: running } };
    world.overview = { ...world.overview, embedded };
    await open();
    const told = () => screen.getByTestId('system-card').textContent;
    expect(told()).toMatch(/For other computers\s*Running/);
    cleanup();
    const keyTrouble = { path: '/servers/front.json', detail: 'EACCES: permission denied' };
    world.overview = {
      ...world.overview,
      embedded: { ...embedded, lan: { ...lan, keyTrouble, front: null } },
    };
    await open();
    expect(told()).toMatch(/For other computers\s*Nobody is let in.*EACCES/);
  });

  it('tells state, attempts with their countdown, and the last end with its code in words', async () => {
    const { open } = stage();
    await open();
    expect(screen.getByTestId('link-status').textContent).toContain('next try in 4 s (attempt 3)');
    expect(screen.getByTestId('attempts').textContent).toContain('3, the next in 4 seconds');
    const end = screen.getByTestId('last-end').textContent;
    expect(end).toContain('while connected: closed by the server');
    expect(end).toContain('Code 4411: the relay heard nothing for too long');
    expect(screen.getByTestId('round-trip').textContent).toContain('31 ms now');
    expect(screen.getByTestId('place').textContent).toContain('90 of 97: 7 places behind');
    expect(screen.getByTestId('outbox-depth').textContent).toContain('2 wait, 1 failed');
    expect(screen.getByTestId('holes').textContent).toContain('Bob: 4 to 9');
    expect(screen.getByText(/2 round trips, between 31 ms and 40 ms/)).toBeTruthy();
    expect(screen.getByText(/computer went to sleep at/, { selector: 'p' })).toBeTruthy();
  });

  it('of a connection that broke says so once, in the words of the person', async () => {
    const { world, open } = stage();
    const [link] = world.overview.links;
    const lastEnd = { at: T0, phase: 'live', who: 'network', code: 1_006, message: 'It broke.' } as const;
    world.overview = { ...world.overview, links: [{ ...link!, lastEnd }] };
    await open();
    const told = screen.getByTestId('last-end').textContent;
    expect(told).toContain('1006');
    expect(told).not.toContain('It broke.');
  });

  it('reconnects, goes offline and online by its buttons', async () => {
    const { open, asked, world, desk } = stage();
    await open();
    const user = userEvent.setup();
    await user.click(screen.getByTestId('reconnect-now'));
    await user.click(screen.getByTestId('go-offline'));
    world.overview.links[0]!.state = { kind: 'resting', since: T0 };
    world.overview = { ...world.overview, links: [...world.overview.links] };
    await act(() => desk.look());
    await user.click(await screen.findByTestId('go-online'));
    expect(asked('diagnostics.reconnect')).toEqual([{ account: 'acc' }]);
    expect(asked('diagnostics.rest')).toEqual([{ account: 'acc' }]);
    expect(asked('diagnostics.resume')).toEqual([{ account: 'acc' }]);
  });

  it('is used by keys: arrows move the one focus of the log, and the details follow', async () => {
    const { open, put, desk } = stage();
    put('append', { dir: 'out', ids: ['m-1'] });
    put('ack', { ids: ['m-1'] });
    await open();
    const user = userEvent.setup();
    await user.click(screen.getByTestId('tab-log'));
    await act(() => desk.pull());
    const list = screen.getByRole('listbox', { name: 'Events' });
    list.focus();
    await user.keyboard('{ArrowUp}');
    expect(list.getAttribute('aria-activedescendant')).toBe('event-2');
    await user.keyboard('{ArrowUp}');
    expect(list.getAttribute('aria-activedescendant')).toBe('event-1');
    const detail = screen.getByRole('complementary', { name: 'Details of the event' });
    expect(within(detail).getByRole('heading', { level: 2 }).textContent).toContain('append');
    await user.keyboard('{Shift>}{End}{/Shift}');
    expect(screen.getAllByRole('option', { selected: true })).toHaveLength(2);
    await user.click(within(screen.getByTestId('event-detail')).getByTestId('follow-id'));
    expect((screen.getByTestId('log-filter') as HTMLInputElement).value).toBe('m-1');
  });

  it('shows before anything leaves what leaves, and copies exactly that', async () => {
    const { open, put, asked, desk } = stage();
    put('entries', { conv: 'bob', contents: 'the body' });
    await open();
    const user = userEvent.setup();
    await user.click(screen.getByTestId('tab-log'));
    await act(() => desk.pull());
    await user.click(screen.getByTestId('log-export'));
    expect(screen.getByTestId('export-redactions').textContent).toContain('Contents of 1 frame: left out');
    expect(asked('diagnostics.copy')).toEqual([]);
    await user.click(screen.getByTestId('export-copy'));
    await waitFor(() => expect(asked('diagnostics.copy')).toHaveLength(1));
    const { text } = asked('diagnostics.copy')[0] as { text: string };
    expect(text).not.toContain('the body');
    expect(text).not.toContain('Bob');
  });

  it('tells what the app costs: what is waited for, and every process', async () => {
    const { open, asked } = stage();
    await open();
    await userEvent.setup().click(screen.getByTestId('tab-figures'));
    const text = async (id: string) => (await screen.findByTestId(id)).textContent;
    expect(await text('figure-start')).toContain('1.2 s');
    expect(await text('figure-bubble')).toContain('14 ms in the middle, 31 ms at the 99th percentile');
    expect(await text('figure-queued')).toContain('Not measured yet');
    expect(await text('figure-frames')).toContain('2 framesthe longest took 180 ms');
    expect(await text('figure-caught-up')).toContain('10,000 entries in 3.4 s');
    expect(await text('figure-hidden')).toContain('0.31% of one processor over 5 min');
    const rows = screen.getAllByTestId('process-row').map((row) => row.textContent);
    expect(rows[0]).toContain('App 11–12 s143.1 MB');
    expect(rows[1]).toContain('Session 12––85.8 MB');
    expect(asked('diagnostics.figures')).toHaveLength(1);
  });

  it('checks step by step, stops at a door that is shut, and says what to do', async () => {
    const { open, world } = stage();
    const results: Record<string, object> = {
      network: { ok: true, ms: 0, found: 'fine', detail: '' },
      api: { ok: true, ms: 5, found: 'fine', detail: 'Here, 0.1.0' },
      'sign-in': { ok: true, ms: 5, found: 'fine', detail: '' },
      relay: { ok: true, ms: 5, found: 'fine', detail: '' },
      socket: { ok: false, ms: 9, found: 'upgrade', detail: 'close code 1006' },
    };
    Object.defineProperty(world.answers, 'diagnostics.check', {
      get: () => {
        const { step } = world.calls.at(-1)![1] as { step: string };
        return { step, ...results[step] };
      },
    });
    await open();
    const user = userEvent.setup();
    await user.click(screen.getByTestId('tab-check'));
    await user.click(screen.getByTestId('check-run'));
    await waitFor(() => expect(screen.getByTestId('check-end').textContent).toBe('Something is in the way.'));
    expect(screen.getByTestId('check-socket').textContent).toContain(
      'HTTP works, but the WebSocket is not let through',
    );
    expect(screen.getByTestId('check-data').textContent).toContain('Not reached');
  });
});
