import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandOf, desktopEntry, entryText, loginItem } from './login-start.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-login-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const entry = (profile: string | null = null) =>
  desktopEntry({ command: ['/opt/Matchbook/matchbook'], profile, env: { XDG_CONFIG_HOME: folder } });

describe('the start with the session, on Linux', () => {
  it('is a file that is there or not, also after it was chosen twice', async () => {
    const one = entry();
    expect(one.on).toBe(false);
    await one.choose(false);
    await one.choose(true);
    await one.choose(true);
    expect(one.on).toBe(true);
    expect(one.path).toBe(join(folder, 'autostart', 'matchbook.desktop'));
    expect(readFileSync(one.path, 'utf8')).toContain('Exec="/opt/Matchbook/matchbook"\n');
    expect(entry().on).toBe(true);
    await one.choose(false);
    expect(entry().on).toBe(false);
  });

  it('is off where the desktop was told so, and on again by being chosen', async () => {
    for (const told of ['Hidden=true', 'X-GNOME-Autostart-enabled=false']) {
      const one = entry();
      mkdirSync(dirname(one.path), { recursive: true });
      writeFileSync(one.path, `[Desktop Entry]\nType=Application\n${told}\n`);
      expect(one.on).toBe(false);
      await one.choose(true);
      expect(one.on).toBe(true);
    }
  });

  it('is each profile’s own', async () => {
    await entry('/home/ann/work').choose(true);
    expect([entry().on, entry('/home/ann/work').on, entry('/home/ann/club').on]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('names a program of any name so that it is started and nothing else is', () => {
    // Desktop Entry Specification, The Exec key: quoted once for the command, and backslashes again for the file.
    expect(entryText(['/opt/A "b" $c `d` 5% \\e', 'x'])).toContain(
      'Exec="/opt/A \\\\"b\\\\" \\\\$c \\\\`d\\\\` 5%% \\\\\\\\e" "x"\n',
    );
  });

  it('fails where it cannot be written, and says so', async () => {
    writeFileSync(join(folder, 'autostart'), 'a file where a folder should be');
    await expect(entry().choose(true)).rejects.toThrow();
    expect(entry().on).toBe(false);
  });
});

it('starts what was started: the installed program, an AppImage by its file, or the runtime on this folder', () => {
  const facts = { execPath: '/run/electron', appPath: '/src/app', profile: null, sandbox: true };
  expect(commandOf({ ...facts, isPackaged: true, env: {} })).toEqual(['/run/electron']);
  expect(commandOf({ ...facts, isPackaged: true, env: { APPIMAGE: '/home/ann/M.AppImage' } })).toEqual([
    '/home/ann/M.AppImage',
  ]);
  expect(commandOf({ ...facts, isPackaged: false, env: {}, profile: '/p', sandbox: false })).toEqual([
    ...['/run/electron', '--no-sandbox', '/src/app', '--user-data-dir=/p'],
  ]);
});

it('is asked of macOS and Windows, and not offered where only the runtime would open', async () => {
  let openAtLogin = false;
  const app = {
    isPackaged: true,
    getLoginItemSettings: () => ({ openAtLogin }),
    setLoginItemSettings: (settings: { openAtLogin: boolean }) => {
      openAtLogin = settings.openAtLogin;
    },
  };
  const item = loginItem(app);
  await item.choose(true);
  expect(item.on).toBe(true);
  openAtLogin = false;
  expect(item.on).toBe(false);
  app.isPackaged = false;
  expect(item.on).toBeNull();
});
