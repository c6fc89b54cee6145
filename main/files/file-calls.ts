/** What windows may ask about files, call by call. */
import { link, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Attached,
  type FILE_CALLS,
  HANDED_BYTES,
  PICTURE_BYTES,
  type TrayFile,
} from '@matchbook/protocol/bridge/files';
import { INLINE_TYPES } from '@matchbook/protocol/media-type';
import { bodyOf, type FileReference } from '@matchbook/protocol/message-body';
import type { Handlers } from '../bridge/bridge.ts';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { nameOnDisk, shownName } from './file-name.ts';
import type { FileParts } from './file-parts.ts';
import { readFileAt, tooLarge } from './shelf.ts';

/** What a desktop does with files. */
export interface FileDesktop {
  /** Asks the person which files; none where they want none. */
  choose(sender: number): Promise<string[]>;
  /** Asks the person where; null where they want none. */
  askPlace(sender: number, name: string): Promise<string | null>;
  /** @throws LocalError where the system does not take it */
  copyImage(path: string): Promise<void>;
  drag(sender: number, path: string, isImage: boolean): void;
}

/** Bytes of one piece of a recording, which is a second of it. */
const RECORDED_AT_ONCE = 4 * 1024 * 1024;

export interface FileCallParts {
  files: FileParts;
  store: LocalStore;
  desktop: FileDesktop;
  microphone: { allow(sender: number, on: boolean): void };
  /** Of the window that shows a tray, not the others. */
  trayChanged(address: { account: string; conv: string }, sender: number): void;
  /** Of the window whose dialog it was. */
  chosen(files: { account: string; conv: string; count: number }, sender: number): void;
}

type FileHandlers = Handlers<typeof FILE_CALLS>;

export function fileCalls(parts: FileCallParts): FileHandlers {
  const { files, store, desktop, microphone, trayChanged, chosen } = parts;
  const { shelf, downloads, uploads, saves, avatars, previews } = files;

  /** Takes what can be taken, and says of each of the others why not. */
  const attach = async (
    address: { account: string; conv: string },
    sender: number,
    found: readonly {
      name: string;
      open: () => Promise<{ size: number; bytes: AsyncIterable<Uint8Array> }>;
    }[],
  ): Promise<Attached> => {
    const { account, conv } = address;
    const [limit, room] = await Promise.all([files.limitOf(account), files.roomOf(account)]);
    let left = room?.left ?? Number.POSITIVE_INFINITY;
    const refused: Attached['refused'] = [];
    let tray: TrayFile[] = await files.tray(account).list(conv);
    for (const { name, open } of found) {
      const shown = shownName(name);
      try {
        const { size, bytes } = await open();
        // Before anything is copied: it would never be sent.
        if (size > limit) throw tooLarge(limit);
        if (room && size > left)
          throw new LocalError('quota_full', 'There is not that much room at the server.', {
            limit: room.most,
          });
        left -= size;
        const { hash, size: taken, type } = await shelf.take(account, bytes, limit);
        tray = await files.tray(account).add(conv, { hash, name: shown, type, size: taken });
      } catch (error) {
        refused.push({ name: shown, failure: asFailure(error) });
      }
    }
    trayChanged(address, sender);
    return { tray, refused };
  };
  const attachPaths = (
    address: { account: string; conv: string },
    sender: number,
    paths: readonly string[],
  ) =>
    attach(
      address,
      sender,
      paths.map((path) => ({ name: basename(path), open: () => readFileAt(path) })),
    );
  const picture = async (account: string, bytes: Uint8Array): Promise<FileReference> => {
    if (bytes.length > PICTURE_BYTES) throw tooLarge(PICTURE_BYTES);
    const { hash, type, size } = await shelf.take(account, once(bytes), PICTURE_BYTES);
    if (!type.startsWith('image/') || !INLINE_TYPES.has(type))
      throw new LocalError('invalid_field', 'This is no picture.', { field: 'bytes' });
    return { hash, name: 'picture', type, size };
  };

  return {
    'files.tray': ({ account, conv }) => files.tray(account).list(conv),
    'files.choose': async (address, sender) => {
      const paths = await desktop.choose(sender);
      if (paths.length > 0) chosen({ ...address, count: paths.length }, sender);
      return await attachPaths(address, sender, paths);
    },
    'files.drop': ({ paths, ...address }, sender) => attachPaths(address, sender, paths),
    'files.hand': async ({ account, conv, name, bytes, facts, recording }, sender) => {
      const handed = mustBeBytes(bytes, HANDED_BYTES);
      const address = { account, conv };
      const before = new Set((await files.tray(account).list(conv)).map(({ id }) => id));
      const open = async () => ({ size: handed.length, bytes: once(handed) });
      const attached = await attach(address, sender, [{ name, open }]);
      const added = attached.tray.find(({ id }) => !before.has(id));
      if (!added) return attached;
      const tray = facts ? await files.tray(account).describe(conv, added.id, facts) : attached.tray;
      if (recording !== undefined) await files.recordings.end(account, recording);
      return { ...attached, tray };
    },
    'files.record': async ({ bytes, ...piece }, sender) => {
      files.mustBeOpen(piece.account);
      await files.recordings.keep(sender, { ...piece, bytes: mustBeBytes(bytes, RECORDED_AT_ONCE) });
      return null;
    },
    'files.discardRecording': async ({ account, id }) => {
      files.mustBeOpen(account);
      await files.recordings.end(account, id);
      return null;
    },
    'files.describe': async ({ account, conv, id, facts }) => {
      await files.tray(account).describe(conv, id, facts);
      return null;
    },
    'files.detach': async ({ account, conv, id }, sender) => {
      const tray = await files.tray(account).remove(conv, [id]);
      trayChanged({ account, conv }, sender);
      void uploads.look(account);
      return tray;
    },
    'files.transfers': ({ account }) => uploads.transfers(account),
    'files.save': async (file, sender) => {
      files.mustBeOpen(file.account);
      const path = await desktop.askPlace(sender, nameOnDisk(file.name));
      return path === null ? null : saves.begin(file, path);
    },
    'files.cancelSave': ({ id }) => {
      saves.cancel(id);
      return null;
    },
    'files.reveal': ({ id }) => {
      saves.reveal(id);
      return null;
    },
    'files.copyImage': async ({ account, hash }) => {
      files.mustBeOpen(account);
      await desktop.copyImage((await downloads.whole(account, hash)).path);
      return null;
    },
    'files.drag': async ({ account, hash, name }, sender) => {
      files.mustBeOpen(account);
      const file = await shelf.find(account, hash);
      if (!file) throw new LocalError('file_not_here', 'It is not on this device yet.');
      desktop.drag(sender, await named(file.path, nameOnDisk(name)), file.type.startsWith('image/'));
      return null;
    },
    'files.fetch': async ({ account, hash }) => {
      files.mustBeOpen(account);
      await downloads.whole(account, hash);
      return null;
    },
    'files.look': async ({ account, hash }) => {
      files.mustBeOpen(account);
      const here = (await shelf.find(account, hash)) !== null;
      return { here, failure: here ? null : downloads.failure(account, hash) };
    },
    'files.kept': () => shelf.used(),
    'files.forget': async () => {
      await shelf.forget();
      return shelf.used();
    },
    'files.preview': ({ account, url }) => previews.of(account, url),
    'files.microphone': ({ on }, sender) => {
      microphone.allow(sender, on);
      return null;
    },
    'files.setAvatar': async ({ account, bytes }) => {
      files.mustBeOpen(account);
      if (bytes === null) return { hash: await avatars.set(account, null) };
      const file = await picture(account, mustBeBytes(bytes, PICTURE_BYTES));
      return { hash: await avatars.set(account, file) };
    },
    'files.setPicture': async ({ account, conv, id, bytes }) => {
      const file = bytes === null ? null : await picture(account, mustBeBytes(bytes, PICTURE_BYTES));
      const body = file === null ? {} : { body: bodyOf({ text: '', files: [file] }) };
      const append = { id, kind: 'picture', ...body };
      await store.append({ account, conv, append, ...(file === null ? {} : { upload: true as const }) });
      return null;
    },
  };
}

/** What a window says are bytes. @throws LocalError */
function mustBeBytes(value: unknown, limit: number): Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new LocalError('bad_call', 'bytes: no bytes.', { field: 'bytes' });
  if (value.length > limit) throw tooLarge(limit);
  return value;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The same file under its own name: who takes it when it is dragged sees that. */
async function named(path: string, name: string): Promise<string> {
  const folder = join(dirname(dirname(path)), 'part', `drag-${basename(path)}`);
  await mkdir(folder, { recursive: true });
  const place = join(folder, name);
  await rm(place, { force: true });
  await link(path, place);
  return place;
}
