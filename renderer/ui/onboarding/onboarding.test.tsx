import { formatInvitation } from '@matchbook/protocol/invitation';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { App } from '../app.tsx';
import { hueOf } from '../people.ts';
import { ACCOUNT, FakeBridge, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const fresh = () => new FakeBridge({ signedIn: false });
const signedIn = new FakeBridge().app;

describe('Start here', () => {
  it('asks one thing, the name, and leads to the conversations', async () => {
    const bridge = fresh();
    bridge.answers['account.start'] = () => {
      bridge.emit('app.changed', signedIn);
      return { ok: true, value: signedIn.accounts[0] };
    };
    await openWindow(bridge, <App />, render);
    await userEvent.click(screen.getByTestId('start-here'));
    expect(screen.getAllByRole('textbox')).toHaveLength(1);
    await userEvent.type(screen.getByTestId('name-input'), '  Ada {Enter}');
    expect(bridge.asked('account.start')).toEqual([{ name: 'Ada', serverName: 'Ada’s server' }]);
    await waitFor(() => expect(screen.getByTestId('composer')).toBeTruthy());
  });

  it('asks again where the account was told of before its store was open, and shows no failure', async () => {
    const bridge = fresh();
    let open = false;
    bridge.answers['conversation.list'] = () =>
      open ? { ok: true, value: bridge.conversations } : refused('no_such_account');
    bridge.answers['account.start'] = async () => {
      bridge.emit('app.changed', signedIn);
      await Promise.resolve();
      open = true;
      return { ok: true, value: signedIn.accounts[0] };
    };
    const { store } = await openWindow(bridge, <App />, render);
    await store.accounts.startHere('Ada', 'Ada’s server');
    await waitFor(() => expect(screen.getByTestId('composer')).toBeTruthy());
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says what is wrong beside the field, and keeps what was typed', async () => {
    const bridge = fresh();
    bridge.answers['account.start'] = () => refused('embedded_failed', 'Port 25131 is taken.');
    await openWindow(bridge, <App />, render);
    await userEvent.click(screen.getByTestId('start-here'));
    await userEvent.click(screen.getByTestId('start-submit'));
    const input = screen.getByTestId<HTMLInputElement>('name-input');
    expect(document.getElementById(input.getAttribute('aria-describedby')!)?.textContent).toBe(
      'Please enter a name.',
    );
    await userEvent.type(input, 'Ada{Enter}');
    await waitFor(() => expect(screen.getByText(/Port 25131 is taken/)).toBeTruthy());
    expect(input.value).toBe('Ada');
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });
});

describe('I have an invitation', () => {
  it('finds the link in the message that was pasted with it', async () => {
    const bridge = fresh();
    bridge.answers['account.preview'] = () => refused('server_unreachable');
    await openWindow(bridge, <App />, render);
    await userEvent.click(screen.getByTestId('have-invitation'));
    await userEvent.click(screen.getByTestId('invitation-input'));
    await userEvent.paste('Join me: matchbook://join/abc_DEF-1 (until Friday)');
    await waitFor(() =>
      expect(bridge.asked('account.preview')).toEqual([{ invitation: 'matchbook://join/abc_DEF-1' }]),
    );
  });

  const view = {
    server: 'Ada’s place',
    inviter: 'Ada',
    inviterId: 'u-ada',
    expires: 1_700_000_000_000,
    api: 'http://127.0.0.1:1',
    group: null,
    picture: 'data:image/webp;base64,UklGRg==',
    own: false,
    accounts: [],
  };

  it('shows who invites to where, then joins with the name', async () => {
    const bridge = fresh();
    bridge.answers['account.preview'] = () => ({ ok: true, value: view });
    bridge.answers['account.join'] = () => refused('invitation_used');
    await openWindow(bridge, <App />, render);
    await userEvent.click(screen.getByTestId('have-invitation'));
    await userEvent.click(screen.getByTestId('invitation-input'));
    await userEvent.paste(' matchbook://join/abc\n');
    await waitFor(() => expect(screen.getByText('Ada invites you to Ada’s place')).toBeTruthy());
    const picture = screen.getByTestId('avatar-picture');
    expect(picture.getAttribute('src')).toBe(view.picture);
    // Beneath it the colour that their conversation will have.
    expect(picture.closest('.avatar')?.getAttribute('style')).toContain(String(hueOf(view.inviterId)));
    expect(hueOf(view.inviterId)).not.toBe(hueOf(view.inviter));
    await userEvent.type(screen.getByTestId('name-input'), 'Bob{Enter}');
    expect(bridge.asked('account.join')).toEqual([{ invitation: 'matchbook://join/abc', name: 'Bob' }]);
    await waitFor(() => expect(screen.getByText(/This invitation was used already/)).toBeTruthy());
    expect(screen.getByTestId<HTMLInputElement>('name-input').value).toBe('Bob');
  });

  it('puts a link together that a mail program broke, and takes one for no name', async () => {
    const whole = formatInvitation({ api: 'http://127.0.0.1:1', secret: 'A'.repeat(43) });
    const broken = `${whole.slice(0, 40)}  ${whole.slice(40)} until Friday`.replace('matchbook', 'Matchbook');
    const bridge = fresh();
    bridge.answers['account.preview'] = () => ({ ok: true, value: view });
    await openWindow(bridge, <App />, render);
    await userEvent.click(screen.getByTestId('have-invitation'));
    const [link, name] = [screen.getByTestId('invitation-input'), screen.getByTestId('name-input')];
    // Into the wrong field, as what the clipboard holds is pasted where one stands.
    await userEvent.click(name);
    await userEvent.paste(broken);
    expect(name).toHaveProperty('value', '');
    await waitFor(() => expect(bridge.asked('account.preview')).toEqual([{ invitation: whole }]));
    await userEvent.paste(whole);
    await userEvent.keyboard('{Enter}');
    expect(screen.getByText('This is an invitation link, not a name.')).toBeTruthy();
    await userEvent.clear(name);
    await userEvent.type(name, '\u200b \u202e{Enter}');
    expect(screen.getByText('Please enter a name.')).toBeTruthy();
    await userEvent.clear(link);
    await userEvent.click(screen.getByTestId('join-submit'));
    expect(screen.getByText('Please paste the link that you were sent.')).toBeTruthy();
    expect(bridge.asked('account.join')).toEqual([]);
    // The first of two that are to be put right.
    await waitFor(() => expect(document.activeElement).toBe(link));
  });

  it('says at once that a text is no invitation, without asking anybody', async () => {
    const bridge = fresh();
    await openWindow(bridge, <App />, render);
    await userEvent.click(screen.getByTestId('have-invitation'));
    await userEvent.type(screen.getByTestId('invitation-input'), 'https://example.org');
    expect(screen.getByText(/This is not an invitation link/)).toBeTruthy();
    expect(bridge.asked('account.preview')).toEqual([]);
  });

  it('an opened link comes to the same confirmation, and joins nothing by itself', async () => {
    const bridge = fresh();
    bridge.answers['account.preview'] = () => ({ ok: true, value: view });
    await openWindow(bridge, <App />, render);
    bridge.emit('invitation.opened', { invitation: 'matchbook://join/xyz' });
    await waitFor(() => expect(screen.getByText('Ada invites you to Ada’s place')).toBeTruthy());
    expect(screen.getByTestId<HTMLInputElement>('invitation-input').value).toBe('matchbook://join/xyz');
    expect(bridge.asked('account.join')).toEqual([]);
  });
});

describe('after registration', () => {
  it('shows the recovery code until it is written down, and lets one type meanwhile', async () => {
    const bridge = new FakeBridge({ convs: ['self'] });
    bridge.app = { ...bridge.app, recovery: [{ account: ACCOUNT, code: 'K7QD-3MPX' }] };
    bridge.answers['account.recoveryNoted'] = () => {
      bridge.emit('app.changed', { ...bridge.app, recovery: [] });
      return { ok: true, value: null };
    };
    await openWindow(bridge, <App />, render);
    await waitFor(() => expect(screen.getByText('K7QD-3MPX')).toBeTruthy());
    await userEvent.type(screen.getByTestId('composer'), 'hello');
    await userEvent.click(screen.getByTestId('recovery-done'));
    await waitFor(() => expect(screen.queryByText('K7QD-3MPX')).toBeNull());
    expect(screen.getByTestId<HTMLTextAreaElement>('composer').value).toBe('hello');
  });

  it('offers an invitation while the person is alone, made once', async () => {
    const bridge = new FakeBridge({ convs: ['self'] });
    await openWindow(bridge, <App />, render);
    await waitFor(() =>
      expect(screen.getByTestId<HTMLInputElement>('invitation-link').value).toBe('matchbook://join/abc'),
    );
    await userEvent.click(screen.getByTestId('invitation-copy'));
    expect(bridge.asked('clipboard.write')).toEqual([{ text: 'matchbook://join/abc' }]);
    expect(bridge.asked('account.invitation')).toHaveLength(1);
  });
});

it('whoever comes back from a door stands before it again', async () => {
  await openWindow(fresh(), <App />, render);
  for (const door of ['start-here', 'have-invitation', 'sign-in']) {
    await userEvent.click(screen.getByTestId(door));
    await userEvent.click(await screen.findByRole('button', { name: 'Back' }));
    expect(document.activeElement?.getAttribute('data-testid')).toBe(door);
  }
});
