import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { ACCOUNT, FakeBridge, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { ToolsMenu } from './tools-menu.tsx';

const address = { account: ACCOUNT, conv: 'bob' };
const theirs = (n: number) => ({ ...ownRow(`t${n}`, `message ${n}`, n), sender: 'bob', own: false });

/** A conversation of messages at 8 and 9, of which 8 were read; behind them is what is no message. */
async function opened(readN: number) {
  const bridge = new FakeBridge();
  bridge.answers['timeline.page'] = ({ after = 0 }: { after?: number }) => ({
    ok: true,
    value: {
      ...{ rows: [theirs(8), theirs(9)].filter(({ n }) => n! >= after) },
      ...{ waiting: [], holes: [], older: true, newer: false, headN: 12, readN, unreadN: 0, unbroken: true },
    },
  });
  const view = await openWindow(bridge, <ToolsMenu address={address} />, render);
  await waitFor(() => expect(view.store.state.getState().timeline?.rows).toHaveLength(2));
  await userEvent.click(screen.getByTestId('tools-menu'));
  return { ...view, item: await screen.findByTestId('tools-unread') };
}

it('leads to the first message that is new', async () => {
  const { store, item } = await opened(8);
  await userEvent.click(item);
  await waitFor(() => expect(store.state.getState().jump).toMatchObject({ n: 9, found: true }));
});

it('leads nowhere where only edits and reactions came since', async () => {
  const { item } = await opened(9);
  expect(item.getAttribute('aria-disabled')).toBe('true');
});
