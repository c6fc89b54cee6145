import { type Undrawn as ToldUndrawn, UNDRAWN_CALLS } from '@matchbook/protocol/bridge/undrawn';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { act, render, screen } from '@testing-library/react';
import { createRoot } from 'react-dom/client';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WordsProvider } from '../i18n/words.tsx';
import { Boundary, Undrawn } from './boundary.tsx';
import { ACCOUNT, FakeBridge, ownRow } from './testing/fake-bridge.ts';
import { openWindow } from './testing/window.tsx';
import { MessageMenuHost } from './timeline/message-menu-host.tsx';
import { TimelineLine } from './timeline/timeline-line.tsx';
import { toldUndrawn } from './undrawn-told.ts';
import { StoreContext } from './use-store.ts';

// React tells of each failure there.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => vi.restoreAllMocks());

const address = { account: ACCOUNT, conv: 'bob' };
const spoilt: TimelineRow = Object.defineProperty({ ...ownRow('m2', '', 2) }, 'body', {
  get: () => {
    throw new Error('drawn');
  },
});

function Timeline({ rows }: { rows: TimelineRow[] }) {
  const nameOf = () => 'Bob';
  return (
    <MessageMenuHost
      {...{ address, user: 'me', nameOf, leadTo: () => {}, hold: () => {} }}
      {...{ group: false, member: true, steward: false }}
    >
      {rows.map((row, i) => (
        <TimelineLine
          key={i}
          line={{ kind: 'message', key: String(i), row, first: true, last: true }}
          {...{ address, self: false, group: false, user: 'me', nameOf, lit: false, today: '' }}
        />
      ))}
    </MessageMenuHost>
  );
}

describe('what cannot be drawn', () => {
  it('is told to main, once, with where it was and without a word of what was to be drawn', async () => {
    const bridge = new FakeBridge();
    const Secret = ({ text }: { text: string }) => JSON.parse(text) as string;
    const root = createRoot(document.createElement('div'), toldUndrawn(bridge));
    for (let time = 0; time < 2; time++)
      await act(() =>
        root.render(
          <Boundary key={time} instead={null}>
            <Secret text={'meet me at\n    at the pier:8:30'} />
          </Boundary>,
        ),
      );
    expect(bridge.asked('app.undrawn')).toHaveLength(1);
    const [told] = bridge.asked('app.undrawn') as unknown as [ToldUndrawn];
    expect(told.error).toBe('SyntaxError');
    expect(told.at.join()).toMatch(/boundary\.test\.tsx:\d+:\d+/);
    expect(told.within[0]).toMatch(/^Secret/);
    expect(JSON.stringify(told)).not.toMatch(/meet|pier/);
    expect(Check(UNDRAWN_CALLS['app.undrawn'].request, told)).toBe(true);
  });

  it('is told of so much and no more, whatever fails', () => {
    const bridge = new FakeBridge();
    const { onCaughtError } = toldUndrawn(bridge);
    for (let i = 0; i < 100; i++)
      onCaughtError(`${i}`, { componentStack: `\n    at Row${i} (app://matchbook/a.js:1:${i})` });
    const told = bridge.asked('app.undrawn') as unknown as ToldUndrawn[];
    expect(told).toHaveLength(20);
    expect(told[3]).toEqual({ error: 'string', at: [], within: ['Row3 (a.js:1:3)'] });
  });

  it('is one message where it is one, and is tried again once it is another', async () => {
    const rows = (second: TimelineRow) => [ownRow('m1', 'before it', 1), second, ownRow('m3', 'after it', 3)];
    const { rerender, store } = await openWindow(new FakeBridge(), <Timeline rows={rows(spoilt)} />, render);
    const shown = () => screen.queryAllByTestId('message-row').length;
    expect(shown()).toBe(2);
    expect(screen.getByTestId('undrawn-line').textContent).toBe('This message cannot be shown.');
    rerender(
      <WordsProvider locale="en">
        <StoreContext value={store}>
          <Timeline rows={rows(ownRow('m2', 'edited', 2))} />
        </StoreContext>
      </WordsProvider>,
    );
    expect(shown()).toBe(3);
    expect(screen.queryByTestId('undrawn-line')).toBeNull();
  });

  it('leaves the rest of the window, and says so with a way on', () => {
    const Fails = (): never => {
      throw new Error('drawn');
    };
    render(
      <WordsProvider locale="en">
        <p>beside</p>
        <Boundary instead={<Undrawn />}>
          <Fails />
        </Boundary>
      </WordsProvider>,
    );
    expect(screen.getByText('beside')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('Nothing you wrote is lost.');
    expect(screen.getByRole('button', { name: 'Show it again' })).toBeTruthy();
  });
});
