import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { profileFault } from './profile-access.ts';
import { dropCopiedLocks, isCopiedHome, lockHolder, settleHome } from './profile-home.ts';

/** File systems in memory know no time of birth. */
const DISK = process.env.MATCHBOOK_DISK ?? tmpdir();

function profile() {
  const folder = join(temporaryFolder(DISK), 'profile');
  mkdirSync(folder);
  expect(isCopiedHome(folder)).toBe(false);
  return folder;
}

describe('the home of a profile', () => {
  it('is the same at every start, and after the folder was moved', () => {
    const folder = profile();
    expect(isCopiedHome(folder)).toBe(false);
    renameSync(folder, `${folder}-moved`);
    expect(isCopiedHome(`${folder}-moved`)).toBe(false);
  });

  it('is another one in a copy, until it was settled there; the original stays as it is', () => {
    const folder = profile();
    // Nobody copies a profile within a millisecond of its making. By the clock of the file system, which goes by ticks behind ours.
    const { birthtimeMs } = statSync(join(folder, 'home.json'));
    const now = () => {
      const probe = join(mkdtempSync(join(DISK, 'matchbook-now-')), 'probe');
      writeFileSync(probe, '');
      const { birthtimeMs: born } = statSync(probe);
      rmSync(dirname(probe), { recursive: true });
      return born;
    };
    while (now() < birthtimeMs + 2);
    cpSync(folder, `${folder}-copy`, { recursive: true, preserveTimestamps: true });
    expect(isCopiedHome(`${folder}-copy`)).toBe(true);
    expect(isCopiedHome(`${folder}-copy`)).toBe(true);
    settleHome(`${folder}-copy`);
    expect([isCopiedHome(`${folder}-copy`), isCopiedHome(folder)]).toEqual([false, false]);
  });

  it('is made anew where its file is lost or damaged: nobody is stopped by that', () => {
    const folder = profile();
    writeFileSync(join(folder, 'home.json'), 'rubbish');
    expect(isCopiedHome(folder)).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, 'home.json'), 'utf8'))).toHaveProperty('inode');
  });

  it('names the computer that holds it, where that is another', () => {
    const folder = profile();
    expect(lockHolder(folder)).toBeNull();
    symlinkSync('some-other-desk-4711', join(folder, 'SingletonLock'));
    expect(lockHolder(folder)).toBe('some-other-desk');
    dropCopiedLocks(folder);
    expect(lockHolder(folder)).toBeNull();
    symlinkSync(`${hostname()}-4711`, join(folder, 'SingletonLock'));
    expect(lockHolder(folder)).toBeNull();
  });
});

const mount = (folder: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,ro', 'tmpfs', folder], { stdio: 'ignore' }).status === 0;

/** Only root may, and not in every container. */
const mountable = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-mount-'));
  const mounted = mount(folder);
  if (mounted) spawnSync('umount', [folder]);
  rmdirSync(folder);
  return mounted;
})();

describe('the access to a profile', () => {
  it('is there in a folder of one’s own, which is made where it is missing', () => {
    expect(profileFault(join(temporaryFolder(), 'new', 'one'))).toBeNull();
  });

  it('says whose folder it is, and that it cannot be written', () => {
    const folder = temporaryFolder();
    expect(profileFault(folder, 4_242)).toEqual({ kind: 'other-owner', folder });
    writeFileSync(join(folder, 'file'), '');
    const below = join(folder, 'file', 'profile');
    expect(profileFault(below)).toMatchObject({ kind: 'not-writable', folder: below });
    expect(profileFault('/proc/matchbook')).toMatchObject({
      kind: 'not-writable',
      folder: '/proc/matchbook',
    });
  });

  it('says that a folder of one’s own may only be read, by what the system answers to who runs it', () => {
    const folder = temporaryFolder();
    const nobody = 65_534;
    const isRoot = process.getuid?.() === 0;
    const uid = isRoot ? nobody : process.getuid!();
    if (isRoot) chownSync(folder, nobody, nobody);
    chmodSync(folder, 0o500);
    try {
      // Nothing is forbidden to root.
      if (isRoot) process.seteuid!(nobody);
      expect(profileFault(folder, uid)).toEqual({
        ...{ kind: 'not-writable', folder },
        detail: expect.stringMatching(/^EACCES: permission denied/),
      });
    } finally {
      if (isRoot) process.seteuid!(0);
      chmodSync(folder, 0o700);
    }
  });

  it.skipIf(!mountable)('says that it lies on a file system that is read-only', () => {
    const folder = temporaryFolder();
    expect(mount(folder)).toBe(true);
    try {
      expect(profileFault(folder)).toEqual({ kind: 'read-only', folder });
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});
