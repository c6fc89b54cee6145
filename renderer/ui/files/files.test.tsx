import type { TrayFile } from '@matchbook/protocol/bridge/files';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, ownRow, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { DraggedLine } from './drag-out.tsx';
import { MessageFiles } from './message-files.tsx';
import { PagePreview } from './page-preview.tsx';

const hash = 'ab'.repeat(32);
const address = { account: ACCOUNT, conv: 'bob' };
const file = { hash, name: 'Plan.pdf', type: 'application/pdf', size: 2_000_000 };
const picture = { hash, name: 'Shore.png', type: 'image/png', size: 900, width: 1_200, height: 800 };
const inTray = (more: Partial<TrayFile> = {}): TrayFile => ({ ...file, id: 't1', ...more });
const ok = (value: unknown) => ({ ok: true, value });

async function composer(tray: TrayFile[], prepare: (bridge: FakeBridge) => void = () => {}) {
  const bridge = new FakeBridge();
  bridge.answers['files.tray'] = () => ok(tray);
  prepare(bridge);
  const view = await openWindow(bridge, <App />, render);
  const box = () => screen.getByTestId<HTMLTextAreaElement>('composer');
  await waitFor(() => expect(box().dataset.conv).toBe('bob'));
  await waitFor(() => expect(view.store.sending.draft(address).state.getState().loaded).toBe(true));
  return { ...view, bridge, box };
}

async function message(row: Partial<TimelineRow>, files: object[]) {
  const bridge = new FakeBridge();
  const shown = { ...ownRow('one', '', 1), ...row };
  const view = await openWindow(
    bridge,
    <MessageFiles address={address} row={shown} files={files as never} />,
    render,
  );
  return { ...view, bridge };
}

/** A card in a message, of a file that is not on this device. */
async function dragged() {
  const bridge = new FakeBridge();
  bridge.answers['files.drag'] = () => refused('file_not_here');
  const shown = (
    <>
      <MessageFiles address={address} row={ownRow('one', '', 1)} files={[file] as never} />
      <DraggedLine />
    </>
  );
  return { ...(await openWindow(bridge, shown, render)), bridge };
}

describe('the tray of the composer', () => {
  it('says that files are copied once they were chosen, and not while one looks for them', async () => {
    let chosen: (value: unknown) => void = () => {};
    const { bridge } = await composer([], (one) => {
      one.answers['files.choose'] = () => new Promise((done) => (chosen = done));
    });
    await userEvent.click(screen.getByTestId('attach'));
    await waitFor(() => expect(bridge.asked('files.choose')).toHaveLength(1));
    expect(screen.queryByText(/Copying/)).toBeNull();
    act(() => bridge.emit('files.chosen', { ...address, count: 2 }));
    expect(await screen.findByText(/Copying 2 files/)).toBeTruthy();
    act(() => chosen(ok({ tray: [inTray()], refused: [] })));
    await screen.findByTestId('tray-file');
    expect(screen.queryByText(/Copying/)).toBeNull();
  });

  it('I11: goes with the message, also without a text, and is empty at once', async () => {
    const { bridge } = await composer([inTray()]);
    await screen.findByTestId('tray-file');
    await userEvent.click(screen.getByTestId('send'));
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({ conv: 'bob', text: '', attached: ['t1'] });
    expect(screen.queryByTestId('tray-file')).toBeNull();
  });

  it('I11: comes back with the text where the commit fails', async () => {
    const { box } = await composer([inTray()], (bridge) => {
      bridge.answers['outbox.submit'] = () => refused('disk_full');
    });
    await screen.findByTestId('tray-file');
    await userEvent.type(box(), 'with a file{Enter}');
    await waitFor(() => expect(box().value).toBe('with a file'));
    expect(await screen.findByTestId('tray-file')).toBeTruthy();
  });

  it('says of what could not be taken why, until that was seen', async () => {
    await composer([], (bridge) => {
      const failure = { kind: 'file_too_large', message: 'no', limit: 1024 ** 2 };
      bridge.answers['files.choose'] = () => ok({ tray: [], refused: [{ name: 'film.mov', failure }] });
    });
    await userEvent.click(screen.getByTestId('attach'));
    const told = await screen.findByTestId('tray-refused');
    expect(told.textContent).toContain('film.mov: The server takes files of at most 1 MB.');
    await userEvent.click(screen.getByLabelText('Close'));
    expect(screen.queryByTestId('tray-refused')).toBeNull();
  });

  it('says no more of what could not be taken once the message without it is sent', async () => {
    const { box } = await composer([], (bridge) => {
      const failure = { kind: 'file_too_large', message: 'no', limit: 1024 ** 2 };
      bridge.answers['files.choose'] = () => ok({ tray: [], refused: [{ name: 'film.mov', failure }] });
    });
    await userEvent.click(screen.getByTestId('attach'));
    await screen.findByTestId('tray-refused');
    await userEvent.type(box(), 'later then{Enter}');
    expect(screen.queryByTestId('tray-refused')).toBeNull();
  });

  it('says once why many files were not taken, and of how many', async () => {
    const many = Array.from({ length: 68 }, (_, i) => ({
      name: `${i}.txt`,
      failure: { kind: 'invalid_field', message: 'files: at most 32.', field: 'files', limit: 32 },
    }));
    const folder = { name: 'Photos', failure: { kind: 'file_is_folder', message: 'This is a folder.' } };
    await composer([], (bridge) => {
      bridge.answers['files.choose'] = () => ok({ tray: [], refused: [...many, folder] });
    });
    await userEvent.click(screen.getByTestId('attach'));
    const lines = (await screen.findByTestId('tray-refused')).querySelectorAll('li');
    expect(lines).toHaveLength(2);
    expect(lines[0]!.textContent).toMatch(/^0\.txt, 1\.txt, 2\.txt and 65 more: /);
    expect(lines[1]!.textContent).toContain('Photos');
  });

  it('takes a file out of it', async () => {
    const { bridge } = await composer([inTray()], (fake) => {
      fake.answers['files.detach'] = () => ok([]);
    });
    await userEvent.click(await screen.findByLabelText('Remove Plan.pdf'));
    await waitFor(() => expect(screen.queryByTestId('tray-file')).toBeNull());
    expect(bridge.asked('files.detach')[0]).toMatchObject({ conv: 'bob', id: 't1' });
  });
});

describe('the preview of a page', () => {
  const known = (bridge: FakeBridge, embedded: boolean) => {
    bridge.app = { ...bridge.app, accounts: bridge.app.accounts.map((one) => ({ ...one, embedded })) };
    bridge.answers['files.preview'] = () => ok({ url: 'https://example.org/', title: 'An example' });
  };

  it('is asked of a server by itself, goes with the message, and can be left out', async () => {
    const { bridge, box, store } = await composer([], (fake) => known(fake, false));
    act(() => store.preferences.state.setState({ known: { ...bridge.preferences, facts: bridge.facts } }));
    fireEvent.change(box(), { target: { value: 'see https://example.org/ there' } });
    await waitFor(() => expect(screen.getByTestId('preview-bar').dataset.state).toBe('there'));
    fireEvent.keyDown(box(), { key: 'Enter' });
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({
      more: { preview: { url: 'https://example.org/', title: 'An example' } },
    });
    fireEvent.change(box(), { target: { value: 'again https://example.org/ there' } });
    await userEvent.click(await screen.findByTestId('preview-remove'));
    // One goes on writing, or sends it by Enter.
    expect(document.activeElement).toBe(screen.getByTestId('composer'));
    fireEvent.keyDown(box(), { key: 'Enter' });
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(2));
    expect(bridge.asked('outbox.submit')[1]).not.toHaveProperty('more');
    // Of that message alone: the next one with this address has it again.
    await waitFor(() => expect(box().value).toBe(''));
    fireEvent.change(box(), { target: { value: 'and https://example.org/ once more' } });
    expect((await screen.findByTestId('preview-bar')).dataset.state).toBe('there');
  });

  it('is asked of this computer only by the person’s word, and not at all where they do not want any', async () => {
    const { bridge, box, store } = await composer([], (fake) => known(fake, true));
    const allow = (linkPreviews: boolean) =>
      act(() =>
        store.preferences.state.setState({
          known: {
            ...bridge.preferences,
            privacy: { ...bridge.preferences.privacy, linkPreviews },
            facts: bridge.facts,
          },
        }),
      );
    allow(true);
    fireEvent.change(box(), { target: { value: 'see https://example.org/ there' } });
    const ask = await screen.findByTestId('preview-ask');
    expect(bridge.asked('files.preview')).toEqual([]);
    await userEvent.click(ask);
    await waitFor(() => expect(bridge.asked('files.preview')).toHaveLength(1));
    allow(false);
    expect(screen.queryByTestId('preview-bar')).toBeNull();
    expect(screen.queryByTestId('preview-ask')).toBeNull();
  });
});

it('the preview of a page that came with a message is shown only to who wants such', async () => {
  const bridge = new FakeBridge();
  const preview = { url: 'https://example.org/', title: 'An example' };
  const { store } = await openWindow(bridge, <PagePreview preview={preview} />, render);
  expect((await screen.findByTestId('page-preview')).textContent).toContain('An example');
  const privacy = { ...bridge.preferences.privacy, linkPreviews: false };
  act(() =>
    store.preferences.state.setState({ known: { ...bridge.preferences, privacy, facts: bridge.facts } }),
  );
  expect(screen.queryByTestId('page-preview')).toBeNull();
});

describe('the files of a message', () => {
  it('have their room before they are there', async () => {
    await message({}, [picture]);
    const shown = screen.getByTestId('picture');
    expect(shown.style.inlineSize).toBe('360px');
    expect(shown.style.aspectRatio).toBe('360 / 240');
    expect(shown.getAttribute('aria-label')).toBe('Open the picture Shore.png');
  });

  it('say why they are not shown, and are tried again', async () => {
    const { bridge, store } = await message({}, [picture]);
    await waitFor(() => expect(store.state.getState().sessions[ACCOUNT]?.kind).toBe('live'));
    bridge.answers['files.look'] = () =>
      ok({ here: false, failure: { kind: 'server_unreachable', message: 'away' } });
    fireEvent.error(screen.getByTestId('picture').querySelector('img')!);
    const told = await screen.findByTestId('file-missing');
    expect(told.textContent).toContain('Not on this device. The server does not answer.');
    await userEvent.click(screen.getByText('Try again'));
    const again = screen.getByTestId('picture');
    expect([again.dataset.state, again.textContent]).toEqual(['coming', 'Downloading…']);
    fireEvent.load(again.querySelector('img')!);
    expect([again.dataset.state, again.textContent]).toEqual(['there', '']);
  });

  it('are saved where this engine cannot show them, and what became of it is said there', async () => {
    const film = { hash, name: 'walk.mov', type: 'video/quicktime', size: 900, width: 320, height: 180 };
    const { bridge, store } = await message({}, [film]);
    await waitFor(() => expect(store.state.getState().sessions[ACCOUNT]?.kind).toBe('live'));
    const saving = { id: 's1', name: film.name, received: 300, size: film.size, failure: null };
    bridge.answers['files.save'] = () => ok({ ...saving, state: 'saving' });
    bridge.answers['files.look'] = () => ok({ here: true, failure: null });
    fireEvent.error(screen.getByTestId('video').querySelector('video')!);
    await screen.findByText('This cannot be shown here. It can be saved.');
    await userEvent.click(screen.getByRole('button', { name: 'Save as…' }));
    expect(bridge.asked('files.save')).toEqual([
      { account: ACCOUNT, hash, name: film.name, size: film.size },
    ]);
    const line = screen.getByTestId('saved-line');
    expect(line.textContent).toContain('Saving: 300 bytes of 900 bytes');
    const failure = { kind: 'place_refused', message: 'no' };
    act(() => bridge.emit('files.saving', { ...saving, state: 'failed', failure } as never));
    expect(line.textContent).toBe('Not saved. It cannot be written there. Choose another folder.');
    act(() => bridge.emit('files.saving', { ...saving, state: 'saved' } as never));
    expect(line.textContent).toContain('Show in folder');
  });

  it('that this window has shown are there without a blur when they come again, unless they were forgotten', async () => {
    const seen = { ...picture, hash: hash.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')) };
    const complete = vi.spyOn(HTMLImageElement.prototype, 'complete', 'get').mockReturnValue(true);
    const state = () => screen.getByTestId('picture').dataset.state;
    await message({}, [seen]);
    expect(state()).toBe('coming');
    fireEvent.load(screen.getByTestId('picture').querySelector('img')!);
    cleanup();
    await message({}, [seen]);
    expect(state()).toBe('there');
    cleanup();
    complete.mockReturnValue(false);
    await message({}, [seen]);
    expect(state()).toBe('coming');
    complete.mockRestore();
  });

  it.each([
    ['A plan for all of us.final.pdf', ['A plan for all of us.final', '.pdf']],
    ['.configuration', ['.configuration']],
    ['a name without an ending', ['a name without an ending']],
    ['الميزانية السنوية.xlsx', ['الميزانية السنوية', '.xlsx']],
  ])('have a name that says what they are, however little room it has: %s', async (name, parts) => {
    await message({}, [{ ...file, name }]);
    const called = screen.getByTitle(name);
    expect([...called.childNodes].map((node) => node.textContent)).toEqual(parts);
    expect(called.textContent).toBe(name);
  });

  it('are saved, shown in their folder, and say what went wrong', async () => {
    const { bridge } = await message({}, [file]);
    const saving = {
      id: 's1',
      name: file.name,
      received: 0,
      size: file.size,
      state: 'saving',
      failure: null,
    };
    bridge.answers['files.save'] = () => ok(saving);
    bridge.answers['files.reveal'] = () => ok(null);
    await userEvent.click(screen.getByTestId('file-save'));
    await waitFor(() => expect(screen.getByTestId('file-card').dataset.state).toBe('saving'));
    act(() => bridge.emit('files.saving', { ...saving, received: file.size, state: 'saved' } as never));
    await userEvent.click(screen.getByLabelText('Show in folder'));
    expect(bridge.asked('files.reveal')).toEqual([{ id: 's1' }]);
    const failure = { kind: 'disk_full', message: 'full' };
    act(() => bridge.emit('files.saving', { ...saving, state: 'failed', failure } as never));
    expect(screen.getByTestId('file-card').textContent).toContain('The disk is full.');
  });

  it('are fetched where one drags what is not on this device, and go on under a pointer that still holds them', async () => {
    const { bridge, store } = await dragged();
    let fetched: (value: unknown) => void = () => {};
    bridge.answers['files.fetch'] = () => new Promise((done) => (fetched = done));
    const card = screen.getByTestId('file-card');
    const drag = async () => {
      fireEvent.pointerDown(card);
      expect(fireEvent.dragStart(card)).toBe(false);
      await waitFor(() => expect(bridge.asked('files.fetch')).toEqual([{ account: ACCOUNT, hash }]));
    };
    await drag();
    expect(await screen.findByTestId('dragged-line')).toHaveProperty(
      'textContent',
      'Downloading Plan.pdf. It can be dragged as soon as it is here.',
    );
    bridge.answers['files.drag'] = () => ok(null);
    await act(async () => fetched(ok(null)));
    await waitFor(() => expect(bridge.asked('files.drag')).toHaveLength(2));
    await waitFor(() => expect(screen.queryByTestId('dragged-line')).toBeNull());
    expect(store.state.getState().failure).toBeNull();
  });

  it('that were let go meanwhile can be dragged again, and that is said; why they cannot be had is said too', async () => {
    const { bridge, store } = await dragged();
    let fetched: (value: unknown) => void = () => {};
    bridge.answers['files.fetch'] = () => new Promise((done) => (fetched = done));
    const card = screen.getByTestId('file-card');
    fireEvent.dragStart(card);
    await waitFor(() => expect(bridge.asked('files.fetch')).toHaveLength(1));
    fireEvent.pointerUp(document.body);
    await act(async () => fetched(ok(null)));
    expect(await screen.findByText('Plan.pdf is on this device now: drag it again.')).toBeTruthy();
    expect(bridge.asked('files.drag')).toHaveLength(1);
    bridge.answers['files.fetch'] = () => refused('not_found');
    fireEvent.dragStart(card);
    await waitFor(() => expect(store.state.getState().failure).toMatchObject({ kind: 'not_found' }));
    expect(bridge.asked('files.drag')).toHaveLength(2);
  });

  it('tell how far they are, why they wait, and are paused', async () => {
    const waits = { held: false, uploading: true, nextAt: null };
    const { bridge } = await message({ n: null, delivery: 'queued', waits }, [file]);
    const transfer = {
      id: 'one',
      sent: 1_000_000,
      size: 2_000_000,
      state: 'sending',
      failure: null,
      nextAt: null,
    };
    act(() => bridge.emit('files.transfers', { account: ACCOUNT, transfers: [transfer] } as never));
    expect(screen.getByTestId('upload').textContent).toMatch(/^977 kB of 1\.9 MB sent/);
    const failure = { kind: 'server_unreachable', message: 'away' };
    act(() =>
      bridge.emit('files.transfers', {
        account: ACCOUNT,
        transfers: [{ ...transfer, state: 'waiting', failure, nextAt: 1_700_000_000_000 }],
      } as never),
    );
    expect(screen.getByTestId('upload').textContent).toContain('The server does not answer.');
    await userEvent.click(screen.getByLabelText('Pause'));
    expect(bridge.asked('outbox.hold')).toEqual([{ account: ACCOUNT, id: 'one', on: true }]);
  });
});
