import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { Decision, Reason } from '@matchbook/protocol/bridge/notifications';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { english } from '../../i18n/english.ts';
import { ComponentBase } from '../base/component-base.tsx';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { ConversationBell } from './conversation-bell.tsx';
import { tomorrowMorning } from './pauses.ts';
import { WhyDialog } from './why-dialog.tsx';

const address = { account: ACCOUNT, conv: 'bob' };
const REASONS: Record<Reason, Decision['facts']> = {
  own: {},
  'before-this-device': {},
  read: {},
  off: {},
  muted: { until: FOREVER },
  'level-none': {},
  'level-mentions': {},
  silent: {},
  'on-screen': {},
  'do-not-disturb': { until: 1_700_000_000_000 },
  'quiet-hours': { from: 1_320, to: 420 },
  'active-elsewhere': {},
  shown: {},
  summarised: { messages: 12, conversations: 3 },
  unsupported: {},
  'no-service': {},
  failed: { message: 'too many at once' },
};

async function asked(decision: Decision | null) {
  const bridge = new FakeBridge();
  bridge.answers['notifications.why'] = () => ({ ok: true, value: decision });
  const { store } = await openWindow(
    bridge,
    <ComponentBase>
      <WhyDialog />
    </ComponentBase>,
    render,
  );
  store.preferences.ask({ address, n: 7 });
  const reason = await screen.findByTestId('why-reason');
  return { bridge, store, words: reason.textContent ?? '' };
}

describe('why there was no notification', () => {
  it.each(Object.entries(REASONS) as [Reason, Decision['facts']][])(
    '%s is said in words, with what to change',
    async (reason, facts) => {
      const { words, bridge } = await asked({ at: 1, reason, facts, from: 7, n: 7, withdrawn: null });
      expect(bridge.asked('notifications.why')).toEqual([{ ...address, n: 7 }]);
      expect(words).toContain(english[`why.change.${reason}`]);
      expect(words).not.toContain('why.');
      for (const fact of Object.values(facts))
        if (typeof fact === 'string' || (typeof fact === 'number' && fact < 100))
          expect(words).toContain(String(fact));
    },
  );

  it('names quiet hours by the clock, and how a shown one went away', async () => {
    const quiet = await asked({
      ...{ at: 1, reason: 'quiet-hours', facts: REASONS['quiet-hours'], from: 7, n: 7, withdrawn: null },
    });
    expect(quiet.words).toMatch(/10:00.PM to 7:00.AM/);
  });

  it('says so where nothing is known, and leads to the settings', async () => {
    const { words, store } = await asked(null);
    expect(words).toContain('30 days');
    await userEvent.click(screen.getByTestId('why-settings'));
    expect(store.preferences.state.getState()).toMatchObject({
      ...{ open: true, asked: null },
      place: { room: 'notifications' },
    });
  });
});

describe('the bell of a conversation', () => {
  async function bell(mutedUntil: number) {
    const bridge = new FakeBridge();
    const row = { ...bridge.conversations[0]!, mutedUntil };
    await openWindow(
      bridge,
      <ComponentBase>
        <ConversationBell address={address} mutedUntil={row.mutedUntil} />
      </ComponentBase>,
      render,
    );
    await userEvent.click(screen.getByTestId('conversation-bell'));
    return bridge;
  }

  it('mutes on all devices, and takes it back', async () => {
    const bridge = await bell(0);
    await userEvent.click(await screen.findByTestId('mute-ever'));
    expect(bridge.asked('conversation.mute')).toEqual([{ ...address, until: FOREVER }]);
  });

  it('of a muted one says so, and unmutes', async () => {
    const bridge = await bell(FOREVER);
    expect(screen.getByTestId('conversation-bell').dataset.muted).toBe('true');
    await userEvent.click(await screen.findByTestId('unmute'));
    expect(bridge.asked('conversation.mute')).toEqual([{ ...address, until: 0 }]);
  });

  it('has a level and a sound for this device alone', async () => {
    const bridge = await bell(0);
    await userEvent.click(await screen.findByRole('menuitemradio', { name: 'Only when I am mentioned' }));
    expect(bridge.asked('settings.setConversation')).toEqual([{ ...address, chosen: { level: 'mentions' } }]);
  });
});

it('until tomorrow morning is eight o’clock of the next day, also in the last hours of this one', () => {
  for (const hour of [0, 7, 12, 23]) {
    const end = new Date(tomorrowMorning(new Date(2026, 2, 3, hour, 30).getTime()));
    expect([end.getDate(), end.getHours(), end.getMinutes()]).toEqual([4, 8, 0]);
  }
});
