import { FOREVER } from '@matchbook/protocol/bridge/choices';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import { ComponentBase } from '../base/component-base.tsx';
import { AppShortcuts } from '../keyboard/app-shortcuts.tsx';
import { FakeBridge, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { SETTINGS } from './setting-list.ts';
import { SettingsDoor } from './settings-door.tsx';

async function opened(prepare: (bridge: FakeBridge) => void = () => {}) {
  const bridge = new FakeBridge();
  prepare(bridge);
  const { store } = await openWindow(
    bridge,
    <ComponentBase>
      <AppShortcuts />
      <SettingsDoor />
    </ComponentBase>,
    render,
  );
  store.preferences.show(true, { room: 'notifications' });
  await screen.findByTestId('settings-notifications');
  return bridge;
}
const choose = async (testId: string, option: string) => {
  await userEvent.click(screen.getByTestId(testId));
  await userEvent.click(await screen.findByRole('option', { name: option }));
};

// Loaded when it is opened; what a file system takes for that is not what is tested.
beforeAll(() => import('./settings-dialog.tsx'));

describe('settings', () => {
  it('open by their key, at the account before any other room of the window was looked at, then where they were left', async () => {
    await opened();
    cleanup();
    const bridge = new FakeBridge();
    bridge.answers['account.own'] = () => refused('server_unreachable');
    const { store } = await openWindow(
      bridge,
      <ComponentBase>
        <AppShortcuts />
        <SettingsDoor />
      </ComponentBase>,
      render,
    );
    await userEvent.keyboard('{Control>},{/Control}');
    expect(await screen.findByTestId('settings-account')).toHaveProperty('ariaSelected', 'true');
    await userEvent.click(screen.getByTestId('settings-tray'));
    act(() => store.preferences.show(false));
    await waitFor(() => expect(screen.queryByTestId('settings')).toBeNull());
    await userEvent.keyboard('{Control>},{/Control}');
    expect(await screen.findByTestId('settings-tray')).toHaveProperty('ariaSelected', 'true');
  });

  it('act at once, field by field', async () => {
    const bridge = await opened();
    await choose('notifications-preview', 'Only the name');
    await choose('do-not-disturb', 'Until I switch it off');
    await userEvent.click(screen.getByTestId('notifications-on'));
    expect(bridge.asked('settings.set')).toEqual([
      { notifications: { preview: 'name' } },
      { notifications: { doNotDisturbUntil: FOREVER } },
      { notifications: { on: false } },
    ]);
  });

  it('follow what another window chose', async () => {
    const bridge = await opened();
    bridge.preferences.notifications.on = false;
    bridge.emit('settings.changed', { ...structuredClone(bridge.preferences), facts: bridge.facts });
    await expect
      .poll(() => screen.getByTestId('notifications-on').getAttribute('aria-checked'))
      .toBe('false');
  });

  it('quiet hours have a line a weekday, that can be left out and changed', async () => {
    const bridge = await opened((one) => {
      one.preferences.notifications.quiet.on = true;
    });
    // English begins it on Sunday.
    expect(screen.getAllByRole('checkbox').map((one) => one.closest('label')?.textContent)[0]).toBe('Sunday');
    await userEvent.click(screen.getByRole('checkbox', { name: 'Monday' }));
    const [change] = bridge.asked('settings.set') as { notifications: { quiet: { days: unknown[] } } }[];
    expect(change!.notifications.quiet.days[1]).toBeNull();
    expect(change!.notifications.quiet.days[2]).toEqual({ from: 1_320, to: 420 });
    expect(screen.getByLabelText('Tuesday, from')).toHaveProperty('value', '22:00');
  });

  it.each([
    [{ kind: 'shown', service: 'dunst 1.9' }, 'dunst 1.9'],
    [{ kind: 'shown', service: null }, 'took it'],
    [{ kind: 'unsupported', message: 'x' }, 'does not let Matchbook'],
    [{ kind: 'no-service', message: 'x' }, 'no notification service'],
    [{ kind: 'failed', message: 'too many' }, 'too many'],
  ])('the test says what the desktop answered: %j', async (answer, words) => {
    await opened((bridge) => {
      bridge.answers['notifications.test'] = () => ({ ok: true, value: answer });
    });
    await userEvent.click(screen.getByTestId('notification-test'));
    await expect.poll(() => screen.getByTestId('notification-test-answer').textContent).toContain(words);
  });

  it('offer hiding only where there is a tray', async () => {
    const bridge = await opened((one) => {
      one.facts = { platform: 'linux', tray: false, languages: ['en'], atLogin: false };
    });
    await userEvent.click(screen.getByTestId('settings-tray'));
    expect(screen.getByTestId('no-tray')).toBeTruthy();
    expect(screen.queryByTestId('tray-hide')).toBeNull();
    bridge.facts = { platform: 'linux', tray: true, languages: ['en'], atLogin: false };
    bridge.emit('settings.changed', { ...bridge.preferences, facts: bridge.facts });
    await userEvent.click(await screen.findByTestId('tray-hide'));
    expect(bridge.asked('settings.set')).toEqual([{ tray: { hideOnClose: true } }]);
  });

  it('the start with the session is what the system says, also where it refuses', async () => {
    const bridge = await opened((one) => {
      one.answers['settings.atLogin'] = () => ({ ok: true, value: null });
    });
    await userEvent.click(screen.getByTestId('settings-tray'));
    const control = screen.getByTestId('at-login');
    await userEvent.click(control);
    expect(bridge.asked('settings.atLogin')).toEqual([{ on: true }]);
    expect(control.getAttribute('aria-checked')).toBe('false');
    bridge.emit('settings.changed', { ...bridge.preferences, facts: { ...bridge.facts, atLogin: true } });
    await expect.poll(() => control.getAttribute('aria-checked')).toBe('true');
    bridge.answers['settings.atLogin'] = () => ({
      ok: false,
      failure: { kind: 'store_failed', message: 'The system refused: EROFS' },
    });
    await userEvent.click(control);
    expect((await screen.findByRole('alert')).textContent).toContain('could not be stored');
    expect(control.getAttribute('aria-checked')).toBe('true');
    bridge.emit('settings.changed', { ...bridge.preferences, facts: { ...bridge.facts, atLogin: null } });
    await expect.poll(() => screen.queryByTestId('at-login')).toBeNull();
  });

  it('take an attempt limit that can be, and name the range of others', async () => {
    const bridge = await opened();
    await userEvent.click(screen.getByTestId('settings-connection'));
    const field = screen.getByTestId('attempt-limit');
    await expect.poll(() => field).toHaveProperty('value', '12');
    await userEvent.clear(field);
    expect(screen.getByRole('alert').textContent).toContain('from 1 to 1,000');
    await userEvent.type(field, '30');
    expect(bridge.asked('session.setAttemptLimit').at(-1)).toEqual({ attemptLimit: 30 });
    await userEvent.click(screen.getByTestId('attempts-unlimited'));
    expect(bridge.asked('session.setAttemptLimit').at(-1)).toEqual({ attemptLimit: 0 });
    expect(field).toMatchObject({ value: '', disabled: true });
    await userEvent.click(screen.getByTestId('attempts-unlimited'));
    expect(bridge.asked('session.setAttemptLimit').at(-1)).toEqual({ attemptLimit: 12 });
    expect(field).toMatchObject({ value: '12', disabled: false });
  });

  it('say what could not be kept, and show again what holds', async () => {
    await opened((bridge) => {
      bridge.answers['settings.set'] = () => ({ ok: false, failure: { kind: 'disk_full', message: 'x' } });
    });
    await userEvent.click(screen.getByTestId('notifications-on'));
    expect((await screen.findByRole('alert')).textContent).toContain('disk is full');
    await expect.poll(() => screen.getByTestId('notifications-on').getAttribute('aria-checked')).toBe('true');
  });

  // The server's room is an admin's.
  it.each([...new Set(SETTINGS.map(({ room }) => room))].filter((room) => room !== 'server'))(
    'room %s has every setting that can be searched there',
    async (room) => {
      const bridge = await opened((one) => {
        one.answers['account.own'] = () => ({
          ok: true,
          value: { user: 'me', name: 'Ada', login: null, avatar: null, status: null, admin: false },
        });
        one.answers['account.devices'] = () => ({ ok: true, value: [] });
      });
      await userEvent.click(screen.getByTestId(`settings-${room}`));
      for (const { id } of SETTINGS.filter((setting) => setting.room === room))
        await expect
          .poll(() => [id, document.querySelector(`[data-setting="${id}"]`) !== null])
          .toEqual([id, true]);
      expect(bridge.asked('settings.set')).toEqual([]);
    },
  );

  it('are searched by their words, without regard to case and accents, and lead to the control', async () => {
    await opened();
    await userEvent.type(screen.getByTestId('settings-search'), 'TYPÍNG');
    const found = screen.getByTestId('settings-found');
    expect(found.querySelectorAll('button')).toHaveLength(1);
    // Enter that chooses a word of an input method is its own.
    fireEvent.keyDown(screen.getByTestId('settings-search'), { key: 'Enter', isComposing: true });
    expect(screen.getByTestId('settings-found')).toBe(found);
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => document.activeElement?.getAttribute('data-testid')).toBe('privacy-typing');
  });

  it('a list of what can be ended is stood before as a whole', async () => {
    await opened();
    await userEvent.type(screen.getByTestId('settings-search'), 'accounts and servers');
    const [first] = screen.getByTestId('settings-found').querySelectorAll('button');
    await userEvent.click(first!);
    await expect.poll(() => document.activeElement?.getAttribute('data-setting')).toBe('accounts');
  });

  it('are found by the name of their room', async () => {
    await opened();
    await userEvent.type(screen.getByTestId('settings-search'), 'appearance');
    const found = screen.getByTestId('settings-found');
    expect(found.querySelectorAll('button').length).toBe(
      SETTINGS.filter(({ room }) => room === 'appearance').length,
    );
  });

  it('what needs servers of this app is found only where it runs some', async () => {
    await opened();
    await userEvent.type(screen.getByTestId('settings-search'), 'other computers');
    expect(screen.getByTestId('settings-found').querySelectorAll('button')).toHaveLength(1);
    cleanup();
    await opened((bridge) => {
      bridge.app = { ...bridge.app, embedded: null };
    });
    await userEvent.type(screen.getByTestId('settings-search'), 'other computers');
    expect(screen.getByTestId('settings-found').querySelectorAll('button')).toHaveLength(0);
  });

  it('a key that cannot be read is said, with its file and what to do, and tried again', async () => {
    const bridge = await opened((one) => {
      const { embedded } = one.app;
      const lan = { ...embedded!.lan, on: true, port: 5_000 };
      const keyTrouble = { path: '/profile/servers/front.json', detail: 'Unexpected end of JSON input' };
      one.app = { ...one.app, embedded: { ...embedded!, lan: { ...lan, keyTrouble } } };
      one.answers['lan.choose'] = () => ({ ok: true, value: null });
    });
    await userEvent.click(screen.getByTestId('settings-accounts'));
    const told = await screen.findByTestId('lan-key-trouble');
    expect(told.textContent).toMatch(/cannot be read.*backup.*front\.json.*JSON input/s);
    expect(screen.queryByTestId('lan-state')).toBeNull();
    await userEvent.click(within(told).getByRole('button', { name: 'Try again' }));
    expect(bridge.asked('lan.choose')).toEqual([{ on: true, address: null }]);
  });

  it('the history of an account is given up only after a question', async () => {
    const bridge = await opened();
    await userEvent.click(screen.getByTestId('settings-storage'));
    await userEvent.click(await screen.findByTestId('history-clear'));
    expect(bridge.asked('storage.clear')).toEqual([]);
    await userEvent.click(await screen.findByTestId('history-clear-dialog-confirm'));
    expect(bridge.asked('storage.clear')).toEqual([{ account: 'acc' }]);
  });
});
