/** Every setting of the list: its control asks for just what it says, at once, and the quick switcher leads to it by its name. */
import { FOREVER } from '@matchbook/protocol/bridge/choices';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { english } from '../../i18n/english.ts';
import { ComponentBase } from '../base/component-base.tsx';
import { SwitcherDoor } from '../switcher/switcher-door.tsx';
import { ACCOUNT, FakeBridge, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { SETTINGS, type SettingId } from './setting-list.ts';
import { SettingsDoor } from './settings-door.tsx';

// Loaded when they are opened; what a file system takes for that is not what is tested.
beforeAll(() => Promise.all([import('./settings-dialog.tsx'), import('../switcher/switcher.tsx')]));

/** Many controls in one test, on a machine that may be busy, ms. */
const PATIENCE = 60_000;
const ok = (value: unknown) => ({ ok: true, value });
function prepared(): FakeBridge {
  const bridge = new FakeBridge();
  const me = { user: 'me', name: 'Ada', login: null, avatar: null, status: null, admin: true };
  Object.assign(bridge.answers, {
    'account.own': () => ok(me),
    'people.own': () => ok(me),
    'account.devices': () => ok([]),
    'search.local': () => ok({ items: [], more: false }),
    'settings.atLogin': () => ok(null),
    'notifications.test': () => ok({ kind: 'shown', service: null }),
    'diagnostics.show': () => ok(null),
    'files.kept': () => ok({ bytes: 5_000, limit: 1 }),
    'files.forget': () => ok({ bytes: 0, limit: 1 }),
    'admin.settings': () => refused('server_unreachable'),
    'admin.storage': () => refused('server_unreachable'),
  });
  return bridge;
}

/** What is done to the line of a setting, and the call that must follow from it. */
interface Use {
  by: (line: HTMLElement) => Promise<void>;
  asks: [call: string, request: object];
}
const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
const press = (role: 'switch' | 'button') => (line: HTMLElement) => user.click(within(line).getByRole(role));
const chosen = (option: string) => async (line: HTMLElement) => {
  await user.click(within(line).getByRole('combobox'));
  await user.click(await screen.findByRole('option', { name: option }));
};
const marked = (option: string) => (line: HTMLElement) =>
  user.click(within(line).getByRole('radio', { name: option }));
const set = (change: object): Use['asks'] => ['settings.set', change];

const USES: Partial<Record<SettingId, Use>> = {
  notifications: { by: press('switch'), asks: set({ notifications: { on: false } }) },
  'do-not-disturb': {
    by: chosen('Until I switch it off'),
    asks: set({ notifications: { doNotDisturbUntil: FOREVER } }),
  },
  'quiet-hours': {
    by: press('switch'),
    asks: set({
      notifications: {
        quiet: { on: true, days: Array.from({ length: 7 }, () => ({ from: 1_320, to: 420 })) },
      },
    }),
  },
  preview: { by: chosen('Only the name'), asks: set({ notifications: { preview: 'name' } }) },
  sound: { by: chosen('The desktop’s'), asks: set({ notifications: { sound: 'system' } }) },
  direct: {
    by: chosen('Nothing'),
    // What was chosen for groups stays.
    asks: set({ notifications: { levels: { direct: 'none', group: 'mentions' } } }),
  },
  group: {
    by: chosen('Only when I am mentioned'),
    asks: set({ notifications: { levels: { direct: 'all', group: 'mentions' } } }),
  },
  elsewhere: { by: press('switch'), asks: set({ notifications: { whenActiveElsewhere: true } }) },
  badge: { by: press('switch'), asks: set({ notifications: { badge: false } }) },
  'notification-test': { by: press('button'), asks: ['notifications.test', {}] },
  theme: { by: chosen('Dark'), asks: set({ appearance: { theme: 'dark' } }) },
  contrast: { by: press('switch'), asks: set({ appearance: { contrast: 'more' } }) },
  accent: { by: marked('Sea'), asks: set({ appearance: { accent: 'sea' } }) },
  density: { by: marked('Compact'), asks: set({ appearance: { density: 'compact' } }) },
  'font-size': {
    by: async (line) => void fireEvent.change(within(line).getByRole('slider'), { target: { value: '120' } }),
    asks: set({ appearance: { fontSize: 120 } }),
  },
  motion: { by: press('switch'), asks: set({ appearance: { motion: 'reduced' } }) },
  language: { by: chosen('Deutsch'), asks: set({ language: { language: 'de' } }) },
  spelling: { by: press('switch'), asks: set({ privacy: { spelling: true } }) },
  receipts: { by: press('switch'), asks: set({ privacy: { receipts: false } }) },
  typing: { by: press('switch'), asks: set({ privacy: { typing: false } }) },
  'last-seen': { by: press('switch'), asks: set({ privacy: { lastSeen: false } }) },
  'link-previews': { by: press('switch'), asks: set({ privacy: { linkPreviews: false } }) },
  'history-limit': { by: chosen('1 GB'), asks: set({ storage: { historyBytes: 1024 ** 3 } }) },
  'history-use': {
    by: async (line) => {
      await press('button')(line);
      await user.click(await screen.findByTestId('history-clear-dialog-confirm'));
    },
    asks: ['storage.clear', { account: ACCOUNT }],
  },
  'kept-limit': { by: chosen('1 GB'), asks: set({ storage: { keptBytes: 1024 ** 3 } }) },
  'kept-use': {
    by: async (line) => {
      await waitFor(() => expect(within(line).getByRole('button')).toHaveProperty('disabled', false));
      await press('button')(line);
    },
    asks: ['files.forget', {}],
  },
  'attempts-unlimited': {
    by: async (line) => {
      await waitFor(() => expect(within(line).getByRole('switch').hasAttribute('data-disabled')).toBe(false));
      await press('switch')(line);
    },
    asks: ['session.setAttemptLimit', { attemptLimit: 0 }],
  },
  attempts: {
    by: async (line) => {
      const field = within(line).getByRole('spinbutton');
      await waitFor(() => expect(field).toHaveProperty('disabled', false));
      fireEvent.change(field, { target: { value: '30' } });
    },
    asks: ['session.setAttemptLimit', { attemptLimit: 30 }],
  },
  diagnostics: { by: press('button'), asks: ['diagnostics.show', {}] },
  'at-login': { by: press('switch'), asks: ['settings.atLogin', { on: true }] },
  'restore-windows': { by: press('switch'), asks: set({ start: { restoreWindows: false } }) },
  tray: { by: press('switch'), asks: set({ tray: { show: false } }) },
  'tray-hide': { by: press('switch'), asks: set({ tray: { hideOnClose: true } }) },
  versions: { by: press('button'), asks: ['clipboard.write', {}] },
  licences: {
    by: async (line) => {
      await press('button')(line);
      await screen.findByTestId('licence-dialog');
      await user.keyboard('{Escape}');
      await waitFor(() => expect(screen.queryByTestId('licence-dialog')).toBeNull());
    },
    asks: ['about.licences', {}],
  },
  logs: { by: press('button'), asks: ['about.showLogs', {}] },
};
/** Rooms and lists with tests of their own: accounts/, server/, and in the real app. */
const LISTS: readonly SettingId[] = [
  ...(['picture', 'name', 'password', 'devices', 'accounts', 'lan', 'shortcuts', 'server'] as const),
];

const SettingsAlone = () => (
  <ComponentBase>
    <SettingsDoor />
  </ComponentBase>
);
const line = (id: SettingId) =>
  waitFor(() => {
    const found = document.querySelector<HTMLElement>(`[data-setting="${id}"]`);
    if (!found) throw new Error(`There is no line of ${id}.`);
    return found;
  });

describe('a setting', () => {
  it('is used here, or is a list', () => {
    expect([...Object.keys(USES), ...LISTS].sort()).toEqual(SETTINGS.map(({ id }) => String(id)).sort());
  });

  // From the last to the first: what switches others off stands before them.
  it.each([...new Set(SETTINGS.flatMap(({ id, room }) => (USES[id] ? [room] : [])))])(
    'of %s asks for what it says, at once and once',
    async (room) => {
      const bridge = prepared();
      const { store } = await openWindow(bridge, <SettingsAlone />, render);
      store.preferences.show(true, { room });
      for (const { id } of SETTINGS.filter((one) => one.room === room).toReversed()) {
        const use = USES[id];
        if (!use) continue;
        const [call, request] = use.asks;
        const before = bridge.asked(call).length;
        await use.by(await line(id));
        await waitFor(() => expect([id, bridge.asked(call).length]).toEqual([id, before + 1]));
        expect(bridge.asked(call).at(-1)).toMatchObject(request);
        if (call === 'settings.set') expect(bridge.asked(call).at(-1)).toEqual(request);
      }
    },
    PATIENCE,
  );

  it(
    'is among what the quick switcher shows for its name, each of them',
    async () => {
      await openWindow(
        prepared(),
        <ComponentBase>
          <SwitcherDoor />
        </ComponentBase>,
        render,
      );
      fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
      const field = await screen.findByTestId('switcher-input');
      const shown = () =>
        screen
          .getAllByTestId('switcher-line')
          .map((one) => one.querySelector('.switcher-name')?.textContent ?? '');
      for (const { label } of SETTINGS) {
        fireEvent.change(field, { target: { value: english[label] } });
        await waitFor(() => expect(shown()).toContain(english[label]));
      }
    },
    PATIENCE,
  );

  it('without a control of its own is stood before as a whole', async () => {
    const { store } = await openWindow(prepared(), <SettingsAlone />, render);
    const at = () => document.activeElement?.closest<HTMLElement>('[data-setting]')?.dataset.setting;
    const seen = new Map<string | undefined, unknown>();
    const { scrollIntoView } = Element.prototype;
    Element.prototype.scrollIntoView = function (how) {
      if (this instanceof HTMLElement) seen.set(this.dataset.setting, how);
    };
    onTestFinished(() => {
      Element.prototype.scrollIntoView = scrollIntoView;
    });
    for (const { id, room } of SETTINGS.filter((one) => LISTS.includes(one.id))) {
      store.preferences.show(true, { room, setting: id });
      await waitFor(() => expect([id, at()]).toEqual([id, id]));
    }
    // More than fits is seen from its beginning.
    expect([seen.get('shortcuts'), seen.get('name')]).toEqual([{ block: 'start' }, { block: 'center' }]);
  });
});
