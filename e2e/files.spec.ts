/** Files as people send them: pasted, dropped, recorded, cut off in the middle; and looked at, and kept. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { formatInvitation } from '@matchbook/protocol/invitation';
import { type FileReference, readContent } from '@matchbook/protocol/message-body';
import sharp from 'sharp';
import { bounded, until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { FaultProxy } from './fixtures/fault-proxy.ts';
import type { Peer } from './fixtures/peer.ts';
import { expect, test } from './fixtures/test.ts';

const MESSAGE_TYPE = 'application/vnd.matchbook.message+json';

/** A file at the server, brought there by somebody whose client is not the app. */
async function brought(api: string, token: string, bytes: Buffer): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const created = await fetch(`${api}/api/files/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes.length),
      'upload-metadata': `sha256 ${Buffer.from(hash).toString('base64')}`,
    },
  });
  const sent = await fetch(new URL(created.headers.get('location')!, `${api}/api/files/uploads`), {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: new Uint8Array(bytes),
  });
  expect(sent.status).toBe(204);
  return hash;
}

const picture = (red: number, width = 640, height = 400) =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 90, b: 140 } } })
    .png()
    .toBuffer();

/** Files of each message of this text that the other side has. */
function allHeard(peer: Peer, text: string): FileReference[][] {
  return peer.items.flatMap((item) => {
    if (!('kind' in item) || item.kind !== 'message' || !('body' in item) || !item.body) return [];
    const said = readContent(item.body as never);
    return said?.text === text && said.files ? [said.files] : [];
  });
}
const heard = (peer: Peer, text: string): FileReference[] | undefined => allHeard(peer, text)[0];

/** As a person who copied it in another program. Other tests may have the clipboard too: until it is ours. */
async function paste(app: Desktop, png: Buffer): Promise<void> {
  const tray = app.page.getByTestId('tray-file');
  await until('what was copied to be pasted', async () => {
    await app.electron.evaluate(async ({ clipboard, nativeImage, ...electron }, base64) => {
      const bytes = Buffer.from(base64, 'base64');
      // The clipboard of Electron 45 takes items.
      const { ClipboardItem: Item } = electron as unknown as {
        ClipboardItem?: new (parts: Record<string, Blob>) => never;
      };
      const older = clipboard as unknown as { writeImage?(image: Electron.NativeImage): void };
      if (!Item) older.writeImage?.(nativeImage.createFromBuffer(bytes));
      else
        await clipboard.write([new Item({ 'image/png': new Blob([bytes], { type: 'image/png' }) })] as never);
    }, png.toString('base64'));
    await app.composer.fill('');
    await app.page.keyboard.press('Control+V');
    await until('a paste', async () => (await tray.count()) > 0 || (await app.composer.inputValue()) !== '');
    return (await tray.count()) > 0;
  });
}

/** A film of a moment, as a camera gives it: drawn and taken by the browser engine. WebM. */
async function clip(app: Desktop): Promise<Buffer> {
  const base64 = await app.page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d')!;
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    for (let frame = 0; frame < 20; frame++) {
      context.fillStyle = `hsl(${frame * 18} 60% 50%)`;
      context.fillRect(0, 0, 320, 180);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  return Buffer.from(base64, 'base64');
}

/** Files with their places on the disk, as a file manager drops them. */
async function drop(app: Desktop, paths: string[]): Promise<void> {
  await app.page.evaluate(() => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', multiple: true, id: 'test-files', hidden: true });
    document.body.append(input);
  });
  await app.page.locator('#test-files').setInputFiles(paths);
  const tell = (...types: string[]) =>
    app.page.evaluate((names) => {
      const input = document.querySelector<HTMLInputElement>('#test-files')!;
      const dataTransfer = new DataTransfer();
      for (const file of input.files!) dataTransfer.items.add(file);
      for (const name of names)
        document
          .querySelector('main')!
          .dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
      if (names.includes('drop')) input.remove();
    }, types);
  await tell('dragenter', 'dragover');
  await expect(app.page.getByTestId('drop-target')).toHaveAttribute('data-over', 'true');
  await tell('drop');
  await expect(app.page.getByTestId('drop-target')).toHaveAttribute('data-over', 'false');
}

test('I11: pictures, files and a voice message arrive, also when the app dies in the middle; they are looked at by keys and saved', async ({
  servers,
  people,
  desktop,
  folder,
}) => {
  const way = await FaultProxy.start();
  way.target = Number(new URL(servers.apiUrl).port);
  const api = way.ws.replace('ws:', 'http:').replace('/ws', '');
  const bob = await people('Bob');
  const app = await desktop('ann', { args: ['--use-fake-device-for-media-stream'] }).start();
  await app.join(formatInvitation({ api, secret: await bob.invitation() }), 'Ann');
  const { user, account } = await app.account();
  const peer = await bob.connect();
  peer.stayConnected();
  const conv = await peer.openDirect(user);
  await app.openConversation(conv);
  const { page } = app;

  await paste(app, await picture(200));
  await expect(page.getByTestId('tray-file')).toHaveCount(1);
  await app.say('Look at this');
  await expect(app.row('Look at this').getByTestId('picture')).toHaveAttribute('data-state', 'there');
  const [sent] = await until('the picture to reach the other side', () => heard(peer, 'Look at this'));
  expect(sent).toMatchObject({ type: 'image/png', width: 640, height: 400 });
  expect(sent?.blurhash).toMatch(/^.{6,}$/);
  const got = await until('the server to know who may read it', async () => {
    const answer = await fetch(`${servers.apiUrl}/api/files/${sent!.hash}`, {
      headers: { authorization: `Bearer ${bob.token}` },
    });
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
  });
  expect(createHash('sha256').update(got).digest('hex')).toBe(sent!.hash);

  const report = join(folder, 'Report 2026.txt');
  writeFileSync(report, 'All is well.');
  const empty = join(folder, 'empty.txt');
  writeFileSync(empty, '');
  await drop(app, [report, empty]);
  await expect(page.getByTestId('tray-file')).toHaveText(/Report 2026\.txt/);
  await expect(page.getByTestId('tray-refused')).toContainText('empty.txt: There is nothing in this file.');
  await app.say('The report');
  await app.reached('The report', 'sent');
  const card = app.row('The report').getByTestId('file-card');
  const saved = join(folder, 'saved.txt');
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, saved);
  await card.getByTestId('file-save').click();
  await expect(card).toHaveAttribute('data-state', 'saved');
  expect(readFileSync(saved, 'utf8')).toBe('All is well.');

  // Dragged out of the window: the system is given the file under its name.
  await app.electron.evaluate(({ webContents }) => {
    const dragged: string[] = [];
    Object.assign(globalThis, { dragged });
    for (const one of webContents.getAllWebContents()) one.startDrag = ({ file }) => void dragged.push(file);
  });
  const dragged = () => app.electron.evaluate(() => (globalThis as unknown as { dragged: string[] }).dragged);
  const [out] = await until('the file to be dragged', async () => {
    // Where the row moved away from under the pointer something else was taken hold of.
    await card.getByText('Report 2026.txt').hover();
    await page.mouse.down();
    await page.mouse.move(600, 300, { steps: 4 });
    await page.mouse.up();
    return until('the system to hear of it', async () => (await dragged()).length > 0, {
      within: 3_000,
    }).then(dragged, () => null);
  });
  expect(basename(out!)).toBe('Report 2026.txt');
  expect(readFileSync(out!, 'utf8')).toBe('All is well.');

  await page.getByTestId('voice-record').click();
  const timer = page.getByTestId('voice-bar').getByRole('timer');
  await expect(timer).toHaveText(/^0:0[1-9]$/, { timeout: 15_000 });
  await page.getByTestId('voice-stop').click();
  await expect(page.getByTestId('voice-bar').getByTestId('voice')).toBeVisible();
  await page.getByTestId('voice-send').click();
  await expect(app.rows.last().getByTestId('voice')).toBeVisible();
  // Looked at in the page: it lasts for little more than a second.
  // Asked anew in every frame: once the message is sent its row is another.
  const played = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = () => {
          const now = [...document.querySelectorAll('[data-testid="voice"] [aria-valuenow]')]
            .at(-1)
            ?.getAttribute('aria-valuenow');
          if (now && now !== '0') resolve(now);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await app.rows.last().getByTestId('voice').getByRole('button', { name: 'Play' }).click();
  expect(Number(await bounded('the sound to be played', played))).toBeGreaterThan(0);
  const [voice] = await until('the voice to reach the other side', () => heard(peer, ''));
  expect(voice?.type).toBe('audio/webm');
  expect(voice?.waveform?.length).toBeGreaterThan(5);
  expect(voice?.duration).toBeGreaterThan(400);
  expect(
    await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true }).then(String, (error) => error.name),
    ),
  ).toBe('NotAllowedError');

  // A microphone that may not be used, or is not there: in words, and one goes on by keys where one writes.
  await page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    Object.assign(globalThis, { fault: null });
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const { fault } = globalThis as unknown as { fault: string | null };
      if (fault) throw new DOMException('', fault);
      const stream = await ask(wanted);
      Object.assign(globalThis, { lent: stream });
      return stream;
    };
  });
  const failing = (fault: string | null) =>
    page.evaluate((name) => Object.assign(globalThis, { fault: name }), fault);
  for (const [fault, words] of [
    ['NotAllowedError', 'Matchbook may not use the microphone. Allow it in the settings of this computer.'],
    ['NotFoundError', 'There is no microphone.'],
  ] as const) {
    await failing(fault);
    await page.getByTestId('voice-record').click();
    await expect(page.getByTestId('voice-failed')).toContainText(words);
    await expect(page.getByTestId('voice-failed').getByRole('button')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('voice-failed')).toHaveCount(0);
    await expect(app.composer).toBeFocused();
  }
  await failing(null);
  // It goes away before a second has passed: what was said until then is there to be heard and sent.
  await page.getByTestId('voice-record').click();
  await expect(timer).toBeVisible();
  await page.evaluate(async () => {
    const { lent } = globalThis as unknown as { lent: MediaStream };
    // Some of the sound has come once another recorder has some.
    const beside = new MediaRecorder(lent.clone());
    await new Promise<void>((resolve) => {
      beside.ondataavailable = ({ data }) => data.size > 0 && resolve();
      beside.start(200);
    });
    beside.stop();
    const [track] = lent.getTracks();
    track!.stop();
    // A page that ends it itself is not told so; the recorder is, at once.
    setTimeout(() => track!.dispatchEvent(new Event('ended')));
  });
  await expect(page.getByTestId('voice-lost')).toHaveText(
    'The microphone went away. This is what it recorded.',
  );
  await expect(page.getByTestId('voice-send')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('voice-bar')).toHaveCount(0);
  await expect(app.composer).toBeFocused();
  await until('it to reach the other side', () => allHeard(peer, '').length === 2);

  const theirs = await picture(30, 900, 900);
  const hash = await brought(servers.apiUrl, bob.token, theirs);
  const file = { hash, name: 'theirs.png', type: 'image/png', size: theirs.length, width: 900, height: 900 };
  peer.append(conv, {
    kind: 'message',
    id: 'theirs',
    body: { type: MESSAGE_TYPE, text: JSON.stringify({ text: 'And mine', files: [file] }) },
  });
  const shown = app.row('And mine').getByTestId('picture');
  await expect(shown).toHaveAttribute('data-state', 'there', { timeout: 20_000 });
  await shown.focus();
  await page.keyboard.press('Enter');
  const gallery = page.getByTestId('gallery');
  await expect(gallery.getByTestId('gallery-place')).toHaveText('2 of 2');
  await expect(gallery).toContainText('Bob');
  await expect(gallery.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('ArrowLeft');
  await expect(gallery.getByTestId('gallery-place')).toHaveText('1 of 2');
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect(gallery.getByTestId('gallery-zoom')).toHaveText(/156/);
  await page.keyboard.press('0');
  await expect(gallery.getByTestId('gallery-zoom')).toHaveText(/100/);
  await page.keyboard.press('Tab');
  // A guard at the end of a dialog sends the focus on in the next frame.
  await expect(gallery.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(gallery).toBeHidden();
  await expect(shown).toBeFocused();

  // Copies on this device are counted, deleted by a click, and fetched again where one looks.
  await page.keyboard.press('Control+,');
  await page.getByTestId('settings-storage').click();
  const kept = page.getByTestId('kept-use');
  await expect(kept.getByRole('status')).toHaveText(/^[1-9].* of at most /);
  await page.getByTestId('kept-clear').click();
  await expect(kept.getByRole('status')).toHaveText(/^0 bytes? of at most /);
  await expect(page.getByTestId('kept-clear')).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('settings')).toBeHidden();
  await shown.focus();
  await page.keyboard.press('Enter');
  await expect(gallery.getByTestId('gallery-picture')).toHaveJSProperty('naturalWidth', 900);
  await page.keyboard.press('Escape');
  await expect(gallery).toBeHidden();

  await page.getByTestId('account-menu').click();
  await page.getByTestId('account-open').click();
  const face = join(folder, 'face.png');
  writeFileSync(face, await picture(120, 300, 200));
  await page.getByTestId('picture-input').setInputFiles(face);
  await page.getByTestId('square-use').click();
  await expect(page.getByTestId('account-section').getByTestId('avatar-picture')).toBeVisible();
  await page.keyboard.press('Escape');
  // Nothing is dropped behind a dialog, also while it goes.
  await expect(page.locator('.veil')).toHaveCount(0);
  await until('the other side to hear of the picture', () =>
    peer.items.some((item) => 'reg' in item && item.reg === 'profile' && item.user === user && item.avatar),
  );

  // What was shared in the conversation: pictures lead into the gallery, the rest has a list of its own.
  await page.getByTestId('info-open').click();
  await page.getByTestId('info-media').click();
  const shared = page.getByTestId('shared-item');
  await expect(shared).toHaveCount(2);
  await shared.first().click();
  await expect(gallery.getByTestId('gallery-place')).toHaveText('2 of 2');
  await page.keyboard.press('Escape');
  await expect(gallery).toBeHidden();
  await page.getByTestId('info-files').click();
  await expect(shared).toHaveText([/Report 2026\.txt/]);
  await page.getByTestId('info-close').click();

  // A film is seen where it stands: its first picture at once, the rest when it is played.
  const walk = join(folder, 'walk.webm');
  writeFileSync(walk, await clip(app));
  await drop(app, [walk]);
  await expect(page.getByTestId('tray-file')).toHaveText(/walk\.webm/);
  await app.say('The walk');
  const screen = app.row('The walk').locator('video');
  await expect
    .poll(() => screen.evaluate(({ videoWidth, videoHeight }: HTMLVideoElement) => [videoWidth, videoHeight]))
    .toEqual([320, 180]);
  await expect
    .poll(async () => {
      const { width, height } = (await screen.boundingBox())!;
      return Math.abs(width / height - 16 / 9);
    })
    .toBeLessThan(0.05);
  await screen.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => screen.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0);
  const [walked] = await until('the walk to reach the other side', () => heard(peer, 'The walk'));
  expect(walked).toMatchObject({ name: 'walk.webm', type: 'video/webm', width: 320, height: 180 });
  expect(walked?.blurhash).toMatch(/^.{6,}$/);

  const title = 'All that we saw of the sea on the long way around the bay, film.bin';
  const film = join(folder, title);
  const bytes = randomBytes(24 * 1024 * 1024);
  writeFileSync(film, bytes);
  way.with({ latency: 40, slice: 64 * 1024 });
  await drop(app, [film]);
  await expect(page.getByTestId('tray-file')).toHaveText(/film\.bin/);
  await app.say('The film');
  await until(
    'half of it to be sent',
    async () => {
      const [transfer] = await app.call('files.transfers', { account });
      return transfer && transfer.sent > 0 && transfer.sent < transfer.size;
    },
    { within: 30_000, every: 50 },
  );
  const upload = app.row('The film').getByTestId('upload');
  await expect(upload.getByRole('progressbar')).not.toHaveAttribute('value', '0');
  await upload.getByTestId('upload-pause').click();
  await expect(upload).toHaveAttribute('data-state', 'paused');
  await upload.getByRole('button', { name: 'Resume' }).click();
  await expect(upload).toHaveAttribute('data-state', /sending|waiting/);
  await upload.getByRole('button', { name: 'Pause' }).click();
  await expect(upload).toHaveAttribute('data-state', 'paused');
  // Taken back while it stands still: it is in the composer as it was, and sent again from there.
  await upload.getByTestId('upload-cancel').click();
  await expect(upload).toHaveCount(0);
  await expect(app.composer).toHaveValue('The film');
  await expect(page.getByTestId('tray-file')).toHaveText(/film\.bin/);
  await page.keyboard.press('Enter');
  await expect(upload).toHaveAttribute('data-state', /sending|waiting/);
  await page.getByTestId('voice-record').click();
  await expect(timer).toHaveText(/^0:0[2-9]$/, { timeout: 15_000 });
  await app.kill9();
  way.heal();
  await app.start();
  await app.openConversation(conv);
  await expect(app.page.getByTestId('tray-file')).toHaveText(/voice-message/);
  await app.page.getByLabel(/Remove voice-message/).click();
  await expect(app.page.getByTestId('tray-file')).toHaveCount(0);
  await app.reached('The film', 'sent', 60_000);
  const [whole] = await until('the film to reach the other side', () => heard(peer, 'The film'));
  expect(whole).toMatchObject({
    hash: createHash('sha256').update(bytes).digest('hex'),
    name: title,
    size: bytes.length,
  });
  // Too long for its card: what kind of file it is is read all the same.
  const called = app.row('The film').getByTestId('file-card').getByTitle(title);
  await expect(called).toHaveText(title);
  expect(
    await called.evaluate((name) => {
      const [stem, ending] = [...name.children] as HTMLElement[];
      return [
        ending?.textContent,
        stem!.scrollWidth > stem!.clientWidth,
        name.scrollWidth > name.clientWidth,
      ];
    }),
  ).toEqual(['.bin', true, false]);
  await expect(app.row('The walk').locator('video')).toBeVisible();
  await app.page.getByTestId('timeline').focus();
  await app.page.keyboard.press('Home');
  await expect(app.row('Look at this').getByTestId('picture')).toHaveAttribute('data-state', 'there');

  await test.step('I11: signing out in the middle of a file: it is sent first, written down, or given up by name, and then the server keeps nothing of it', async () => {
    const half = async (name: string) => {
      const path = join(folder, `${name}.bin`);
      writeFileSync(path, randomBytes(12 * 1024 * 1024));
      way.with({ latency: 40, slice: 64 * 1024 });
      await drop(app, [path]);
      await expect(app.page.getByTestId('tray-file')).toHaveText(new RegExp(name));
      await app.say(name);
      await until(
        `half of ${name} to be sent`,
        async () => {
          const [transfer] = await app.call('files.transfers', { account });
          return transfer && transfer.sent > 0 && transfer.sent < transfer.size;
        },
        { within: 30_000, every: 50 },
      );
      // It is under way for as long as the person needs.
      way.with({ latency: 250 });
      await app.page.getByTestId('account-menu').click();
      await app.page.getByTestId('account-sign-out').click();
      await expect(app.page.getByTestId('unsent')).toContainText('1 item waits to be sent');
      await expect(app.page.getByTestId('sign-out-remove')).toBeDisabled();
    };
    await half('first');
    const kept = join(folder, 'kept.json');
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
    }, kept);
    await app.page.getByTestId('unsent-export').click();
    await expect(app.page.getByTestId('unsent')).toContainText('Written to');
    expect(readFileSync(kept, 'utf8')).toContain('first.bin');
    await app.page.getByTestId('unsent-send').click();
    way.heal();
    await expect(app.page.getByTestId('unsent')).toHaveCount(0, { timeout: 45_000 });
    await expect(app.page.getByTestId('sign-out-remove')).toBeEnabled();
    await app.page.keyboard.press('Escape');
    await until('the first to reach the other side', () => heard(peer, 'first'));

    await half('second');
    const uploads = () => readdirSync(join(folder, 'servers', 'api', 'files', 'uploads'));
    expect(uploads()).not.toEqual([]);
    await app.page.getByTestId('unsent-name').fill('Ann');
    await app.page.getByTestId('sign-out-remove').click();
    await expect(app.page.getByTestId('start-here')).toBeVisible({ timeout: 20_000 });
    await expect.poll(uploads).toEqual([]);
    expect(heard(peer, 'second')).toBeUndefined();
  });
  await way.stop();
});
