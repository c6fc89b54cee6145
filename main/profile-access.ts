/** Whether a profile folder can be used by who started the app. Without this it would end without a word, or leave files that its owner cannot read. */
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @param uid of who runs the app; undefined where the system has none @returns in words what is wrong, or null */
export function profileFault(folder: string, uid = process.getuid?.()): string | null {
  try {
    // Only as deep as needed: where a folder cannot be made below one that is there, the recursive form of Node never answers.
    if (!existsSync(folder)) mkdirSync(folder, { recursive: !existsSync(dirname(folder)), mode: 0o700 });
    const { uid: owner } = statSync(folder);
    if (uid !== undefined && owner !== uid)
      return `The profile folder belongs to another user of this computer: ${folder}. Start Matchbook as that user, or with another folder (--user-data-dir).`;
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    // A file system that is mounted read-only is found by writing alone.
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') return null;
    const why = code === 'EROFS' ? 'It lies on a read-only file system.' : message;
    return `Matchbook cannot write into its profile folder: ${folder}. ${why} Start it with another folder (--user-data-dir).`;
  }
}
