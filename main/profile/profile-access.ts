/** Whether a profile folder can be used by who started the app. Without this it would end without a word, or leave files that its owner cannot read. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { StartFault } from '../words/catalogue.ts';

/** @param uid of who runs the app; undefined where the system has none @returns what is wrong, or null */
export function profileFault(folder: string, uid = process.getuid?.()): StartFault | null {
  try {
    // Only as deep as needed: where a folder cannot be made below one that is there, the recursive form of Node never answers.
    if (!existsSync(folder)) mkdirSync(folder, { recursive: !existsSync(dirname(folder)), mode: 0o700 });
    const { uid: owner } = statSync(folder);
    if (uid !== undefined && owner !== uid) return { kind: 'other-owner', folder };
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    // A file system that is mounted read-only is found by writing alone.
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    // Without its settings nothing of it is known; a damaged file is another matter, and mended later.
    const settings = join(folder, 'settings.json');
    if (existsSync(settings)) closeSync(openSync(settings, 'r+'));
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') return null;
    if (code === 'EROFS') return { kind: 'read-only', folder };
    return { kind: 'not-writable', folder, detail: /[.!?]$/.test(message) ? message : `${message}.` };
  }
}
