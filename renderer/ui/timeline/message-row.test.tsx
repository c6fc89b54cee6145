import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { LADDER } from '@matchbook/protocol/delivery';
import { MESSAGE_TYPE } from '@matchbook/protocol/shown-text';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { ACCOUNT, FakeBridge, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { MessageMenuHost } from './message-menu-host.tsx';
import { MessageRow } from './message-row.tsx';

const address = { account: ACCOUNT, conv: 'bob' };
async function shown(row: TimelineRow, lit = false, member = true) {
  const bridge = new FakeBridge();
  const held: [row: Element, atEdge: boolean][] = [];
  const { store } = await openWindow(
    bridge,
    <MessageMenuHost
      {...{
        address,
        user: 'me',
        nameOf: () => 'Bob',
        leadTo: () => {},
        hold: (element: Element, atEdge: boolean) => void held.push([element, atEdge]),
        group: false,
        member,
        steward: false,
      }}
    >
      <MessageRow address={address} row={row} user="me" nameOf={() => 'Bob'} first last lit={lit} />
    </MessageMenuHost>,
    render,
  );
  return { bridge, store, held, element: screen.getByTestId('message-row') };
}
const row = (more: Partial<TimelineRow> = {}): TimelineRow => ({ ...ownRow('m1', 'hello', 1), ...more });

describe('a message', () => {
  it.each([
    ['Bob', 'Forwarded from Bob'],
    ['\u200b ', 'Forwarded message'],
  ])('that was passed on says from whom, where that can be read', async (by, words) => {
    const text = JSON.stringify({ text: 'hello', forwarded: { by } });
    await shown(row({ body: { type: MESSAGE_TYPE, text } }));
    expect(screen.getByTestId('forwarded').textContent).toBe(words);
    cleanup();
  });

  it.each([
    ['saving', 'Saving'],
    ['queued', 'Queued: goes out as soon as there is a connection'],
    ['sent', 'Sent'],
    ['delivered', 'Delivered'],
    ['read', 'Read'],
    ['failed', 'Not sent'],
  ] as const)('says its delivery in words: %s', async (delivery, words) => {
    const { element } = await shown(row({ delivery }));
    expect(within(element).getByRole('img', { name: words })).toBeTruthy();
    expect(element.dataset).toMatchObject({ delivery, messageId: 'm1', own: 'true' });
  });

  it('opens its menu by Enter at what was said, and has the focus again after it', async () => {
    const { element } = await shown(row());
    const bubble = element.querySelector('.bubble')!;
    const asked = vi.spyOn(bubble, 'getBoundingClientRect');
    element.focus();
    await userEvent.keyboard('{Enter}');
    await screen.findByTestId('message-copy');
    expect(asked).toHaveBeenCalled();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(element));
  });

  it('is the way to have what is heard or seen in it as a file: what is a card has its own', async () => {
    const file = { name: 'song.ogg', type: 'audio/ogg', size: 1, hash: 'a'.repeat(64) };
    const card = { ...file, name: 'map.pdf', type: 'application/pdf', hash: 'b'.repeat(64) };
    const film = { ...file, name: 'walk.mp4', type: 'video/mp4', hash: 'c'.repeat(64) };
    const offered = async (...files: object[]) => {
      const type = 'application/vnd.matchbook.message+json';
      const view = await shown(row({ body: { type, text: JSON.stringify({ text: '', files }) } }));
      await userEvent.click(screen.getByTestId('message-menu'));
      await screen.findByTestId('message-forward');
      return { ...view, items: screen.queryAllByTestId('message-save-file') };
    };
    expect((await offered(card)).items).toEqual([]);
    cleanup();
    const several = await offered(file, card, film);
    expect(several.items.map((item) => item.textContent)).toEqual(['Save song.ogg as…', 'Save walk.mp4 as…']);
    cleanup();
    // The same file twice is saved once; under another name it is another file.
    const twice = await offered(film, film, { ...film, name: 'run.mp4' });
    expect(twice.items.map((item) => item.textContent)).toEqual(['Save walk.mp4 as…', 'Save run.mp4 as…']);
    cleanup();
    const { items, bridge } = await offered(file, card);
    bridge.answers['files.save'] = () => ({ ok: true, value: null });
    expect(items.map((item) => item.textContent)).toEqual(['Save as…']);
    await userEvent.click(items[0]!);
    await waitFor(() => expect(bridge.asked('files.save')).toMatchObject([{ hash: file.hash }]));
  });

  it('leads to its answers also when it was deleted itself', async () => {
    const { element } = await shown(row({ body: null, answers: { count: 2, fresh: 0 } }));
    expect(within(element).getByTestId('answers').textContent).toBe('2 answers');
    await userEvent.click(screen.getByTestId('message-menu'));
    expect(await screen.findByTestId('message-thread')).toBeTruthy();
  });

  it('of a conversation that one has left is read, kept and passed on, and nothing about it is changed', async () => {
    const reactions = [{ n: 5, by: 'bob', body: { type: 'text/plain', text: '🎉' } }];
    const folded = { first: null, edits: [], reactions, pinned: false, deleted: null };
    const { element } = await shown(row({ folded }), false, false);
    await userEvent.hover(element);
    expect(screen.queryByTestId('message-react')).toBeNull();
    expect(screen.queryByTestId('message-answer')).toBeNull();
    expect(screen.getByTestId<HTMLButtonElement>('reaction').disabled).toBe(true);
    await userEvent.click(screen.getByTestId('message-menu'));
    const offered = (await screen.findAllByRole('menuitem')).map((item) => item.dataset.testid);
    expect(offered).toEqual([
      ...['message-forward', 'message-copy', 'message-link', 'message-save', 'message-select'],
      ...['message-unread', 'message-details', 'message-hide'],
    ]);
  });

  it('shows of a long text the beginning, and the rest when it is asked for', async () => {
    const text = `${'word '.repeat(2_000)}end`;
    const { element, held } = await shown(row({ body: { type: 'text/plain', text } }));
    const more = within(element).getByRole('button', { name: 'Show more', expanded: false });
    expect(element.textContent).not.toContain('end');
    more.focus();
    await userEvent.keyboard('{Enter}');
    expect(element.textContent).toContain('end');
    // One reads on from the message, not from its end.
    expect(document.activeElement).toBe(element);
    await userEvent.click(within(element).getByRole('button', { name: 'Show less', expanded: true }));
    expect(element.textContent).not.toContain('end');
    // It grows below what was read, and its beginning is in view when it is short again.
    expect(held).toEqual([
      [element, false],
      [element, true],
    ]);
  });

  it('shows all of a long text to whoever was led there', async () => {
    const text = `${'word '.repeat(2_000)}end`;
    const { element } = await shown(row({ body: { type: 'text/plain', text } }), true);
    expect(element.textContent).toContain('end');
    await userEvent.click(within(element).getByRole('button', { name: 'Show less' }));
    expect(element.textContent).not.toContain('end');
  });

  it('has words for every rung', () => expect([...LADDER, 'failed']).toHaveLength(6));

  it('says that it may already be sent once it was on a wire, and offers no taking back', async () => {
    const { element } = await shown(row({ delivery: 'queued', frozen: true }));
    expect(within(element).getByRole('img', { name: 'Queued: it may already be sent' })).toBeTruthy();
    expect(within(element).queryByText('Discard')).toBeNull();
  });

  it('says apart from the ladder that the server has not saved it', async () => {
    const { element } = await shown(row({ save: 'save_failed' }));
    expect(within(element).getByRole('img', { name: /could not save/ })).toBeTruthy();
    expect(within(element).getByRole('img', { name: 'Sent' })).toBeTruthy();
  });

  it('I11: a failed one gives its reason and its three ways out', async () => {
    const { element, bridge } = await shown(
      row({ n: null, delivery: 'failed', failure: { kind: 'not_member', message: 'x' } }),
    );
    expect(element.textContent).toContain('not a member of this conversation');
    bridge.answers['outbox.retry'] = () => ({ ok: true, value: row() });
    await userEvent.click(within(element).getByText('Try again'));
    expect(bridge.asked('outbox.retry')).toEqual([{ account: ACCOUNT, id: 'm1', newId: 'id-1' }]);
    bridge.answers['outbox.toDraft'] = () => ({
      ok: true,
      value: { text: 'hello', version: 4, updatedAt: 0 },
    });
    await userEvent.click(within(element).getByText('Back to the draft'));
    expect(bridge.asked('outbox.toDraft')).toEqual([{ account: ACCOUNT, id: 'm1' }]);
    bridge.answers['outbox.discard'] = () => ({ ok: true, value: { queued: false } });
    await userEvent.click(within(element).getByText('Discard'));
    expect(bridge.asked('outbox.discard')).toMatchObject([{ account: ACCOUNT, id: 'm1' }]);
  });

  it('that has not gone out has a menu of what can be done about it, where one looks for one', async () => {
    const offered = async (more: Partial<TimelineRow>) => {
      cleanup();
      const { bridge } = await shown(row({ n: null, ...more }));
      for (const name of ['outbox.hold', 'outbox.discard'])
        bridge.answers[name] = () => ({ ok: true, value: { queued: false } });
      await userEvent.pointer({ keys: '[MouseRight]', target: screen.getByText('hello') });
      const items = await screen.findAllByRole('menuitem');
      return {
        bridge,
        items: items.map((item) => item.dataset.testid),
        named: (id: string) => screen.getByTestId(id),
      };
    };
    const rest = ['unsent-to-draft', 'message-copy', 'message-details', 'unsent-discard'];
    const waiting = await offered({ delivery: 'queued' });
    expect(waiting.items).toEqual(['unsent-hold', ...rest]);
    await userEvent.click(waiting.named('unsent-hold'));
    expect(waiting.bridge.asked('outbox.hold')).toEqual([{ account: ACCOUNT, id: 'm1', on: true }]);
    const held = await offered({ delivery: 'queued', waits: { held: true, uploading: false, nextAt: null } });
    expect(held.named('unsent-hold').textContent).toBe('Send now');
    await userEvent.click(held.named('unsent-discard'));
    expect(held.bridge.asked('outbox.discard')).toMatchObject([{ id: 'm1' }]);
    expect((await offered({ delivery: 'failed' })).items).toEqual(['unsent-retry', ...rest]);
    // What may be sent already has the menu of what is sent.
    expect((await offered({ delivery: 'queued', frozen: true })).items).toContain('message-delete');
  });

  it('shows what waits to change about it as done, and takes back what was refused', async () => {
    const body = { type: 'text/plain', text: 'better' };
    const edit = {
      id: 'e',
      append: { kind: 'edit' as const, target: 1, body },
      failure: null,
      frozen: false,
    };
    const first = await shown(row({ changes: [{ ...edit, delivery: 'queued' }] }));
    expect(first.element.textContent).toContain('better');
    cleanup();
    const second = await shown(row({ changes: [{ ...edit, delivery: 'failed' }] }));
    expect(second.element.textContent).toContain('hello');
    cleanup();
    const gone = { id: 'd', append: { kind: 'delete' as const, target: 1 }, failure: null, frozen: false };
    const third = await shown(row({ changes: [{ ...gone, delivery: 'queued' }] }));
    expect(third.element.textContent).toContain('was deleted');
  });

  it('says who deleted it where that was somebody else', async () => {
    const by = (user: string) => ({
      ...{ first: null, edits: [], reactions: [], pinned: false },
      deleted: { n: 2, time: 2, by: user },
    });
    const { sender } = row();
    const own = await shown(row({ body: null, folded: by(sender) }));
    expect(own.element.textContent).toContain('This message was deleted.');
    cleanup();
    const other = await shown(row({ body: null, folded: by('bob') }));
    expect(other.element.textContent).toMatch(/\S+ deleted this message\./);
  });

  it('shows text as text: markup is not markup', async () => {
    const text = '<img src=x onerror="alert(1)"> <b>b</b>';
    const { element } = await shown(row({ body: { type: 'text/plain', text } }));
    expect(element.textContent).toContain(text);
    expect(element.querySelector('b, .message-text img')).toBeNull();
  });

  it('opens links through main, and makes none of other schemes', async () => {
    const text = 'see https://example.org/a and javascript:alert(1) file:///etc/passwd';
    const { element, bridge } = await shown(row({ body: { type: 'text/plain', text } }));
    expect(within(element).getAllByRole('link')).toHaveLength(1);
    await userEvent.click(within(element).getByRole('link'));
    expect(bridge.asked('link.open')).toEqual([{ url: 'https://example.org/a' }]);
  });

  it.each([
    ['of an unknown kind', { kind: 'poll' }],
    ['with a body that is no text', { body: { type: 'application/x', data: 'AA' } }],
  ])('%s needs a newer version', async (_, more) => {
    const { element } = await shown(row(more));
    expect(element.textContent).toContain('needs a newer version');
  });

  it('is read as sender, text, time', async () => {
    const { element } = await shown(row({ own: false, sender: 'bob', delivery: null }));
    expect(element.textContent).toMatch(/^Bobhello\d/);
  });

  it('takes other words, keeps them with what else it has, and leaves it on Escape', async () => {
    const body = {
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: 'hello', reply: 3 }),
    };
    const { element, bridge } = await shown(row({ body }));
    bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'id-1' } });
    const open = async () => {
      await userEvent.click(within(element).getByTestId('message-menu'));
      await userEvent.click(await screen.findByTestId('message-edit'));
      return screen.findByTestId('message-editor');
    };
    await userEvent.type(await open(), ' and more{Escape}');
    expect(screen.queryByTestId('message-editor')).toBeNull();
    expect(bridge.asked('outbox.append')).toEqual([]);
    await userEvent.type(await open(), ' again{Enter}');
    const append = { id: 'id-1', kind: 'edit', target: 1 };
    expect(bridge.asked('outbox.append')).toMatchObject([{ account: ACCOUNT, conv: 'bob', append }]);
    const said = bridge.asked('outbox.append')[0] as unknown as { append: { body: { text: string } } };
    expect(JSON.parse(said.append.body.text)).toEqual({ text: 'hello again', reply: 3 });
  });

  it('keeps words that could not be kept where they were typed, with the reason', async () => {
    const { element, bridge } = await shown(row());
    bridge.answers['outbox.append'] = () => ({ ok: false, failure: { kind: 'disk_full', message: 'full' } });
    await userEvent.click(within(element).getByTestId('message-menu'));
    await userEvent.click(await screen.findByTestId('message-edit'));
    await userEvent.type(await screen.findByTestId('message-editor'), '!{Enter}');
    expect((await screen.findByRole('alert')).textContent).toMatch(/disk/i);
    expect((screen.getByTestId('message-editor') as HTMLTextAreaElement).value).toBe('hello!');
  });

  it('is answered and reacted to from beside it, where the pointer is', async () => {
    const { element, bridge } = await shown(row());
    bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
    expect(within(element).queryByTestId('message-react')).toBeNull();
    await userEvent.hover(element);
    await userEvent.click(within(element).getByTestId('message-react'));
    const hearts = await screen.findByTestId('react-❤️');
    expect(screen.queryByTestId('message-reply')).toBeNull();
    await userEvent.click(hearts);
    expect(bridge.asked('outbox.append')).toMatchObject([
      { append: { kind: 'reaction', target: 1, body: { text: '❤️' } } },
    ]);
    await userEvent.click(within(element).getByTestId('message-answer'));
    await expect.poll(() => bridge.asked('draft.save')).toMatchObject([{ conv: 'bob', more: { reply: 1 } }]);
    await userEvent.click(within(element).getByTestId('message-menu'));
    await screen.findByTestId('message-reply');
  });

  it('is named by its files where it has no text, and says so where it was deleted', async () => {
    const name = async (of: Partial<TimelineRow>) => {
      await shown(row(of));
      const label = screen.getByTestId('message-menu').getAttribute('aria-label');
      cleanup();
      return label;
    };
    const file = { name: 'map.pdf', type: 'application/pdf', size: 1, hash: 'a'.repeat(64) };
    const body = {
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: '', files: [file] }),
    };
    expect(await name({ body })).toContain('You: map.pdf');
    expect(await name({ body: null })).toContain('You: Deleted message');
    expect(await name({})).toContain('You: hello');
  });

  it('offers in its menu what can be done with what became of it meanwhile', async () => {
    const { element, bridge, store } = await shown(row());
    const become = (now: TimelineRow) => {
      bridge.rows.set('bob', [now]);
      bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: false });
    };
    store.navigation.open(address);
    become(row());
    await expect.poll(() => store.state.getState().timeline?.rows.length).toBe(1);
    await userEvent.click(within(element).getByTestId('message-menu'));
    await screen.findByTestId('message-copy');
    become(row({ body: null }));
    await expect.poll(() => screen.queryByTestId('message-copy')).toBeNull();
    expect(screen.queryByTestId('message-reply')).toBeNull();
    expect(screen.getByTestId('message-link')).toBeTruthy();
  });

  it('has the focus where the last reaction of a kind goes with its button', async () => {
    const by = (emoji: string, ...users: string[]) =>
      users.map((user, i) => ({ n: 2 + i, by: user, body: { type: 'text/plain', text: emoji } }));
    const reactions = [...by('👍', 'me'), ...by('🎉', 'me', 'bob')];
    const folded = { first: null, edits: [], pinned: false, deleted: null, reactions };
    const { element, bridge } = await shown(row({ folded }));
    bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
    const [thumb, party] = within(element).getAllByTestId('reaction');
    await userEvent.click(party!);
    expect(document.activeElement).toBe(party);
    await userEvent.click(thumb!);
    expect(document.activeElement).toBe(element);
    expect(bridge.asked('outbox.append')).toHaveLength(2);
  });

  it('is deleted for everyone only after a question, and reacted to with one click more or less', async () => {
    const { element, bridge } = await shown(
      row({
        folded: {
          ...{ first: null, edits: [], pinned: false, deleted: null },
          reactions: [{ n: 2, by: 'bob', body: { type: 'text/plain', text: '👍' } }],
        },
      }),
    );
    bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
    await userEvent.click(within(element).getByTestId('reaction'));
    await userEvent.click(within(element).getByTestId('message-menu'));
    await userEvent.click(await screen.findByTestId('message-delete'));
    expect(bridge.asked('outbox.append')).toHaveLength(1);
    await userEvent.click(await screen.findByTestId('confirm-delete-confirm'));
    expect(bridge.asked('outbox.append')).toMatchObject([
      { append: { kind: 'reaction', target: 1, body: { text: '👍' } } },
      { append: { kind: 'delete', target: 1 } },
    ]);
  });
});
