/** Whether the app is opened when the person signs in to this computer. The system keeps it, and may be told otherwise elsewhere: nothing of it is kept here. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeDurably } from './profile/durable-file.ts';

export interface LoginStart {
  /** Null where it cannot be had. */
  readonly on: boolean | null;
  /** @throws where the system does not take it */
  choose(on: boolean): Promise<void>;
}

/** The part of Electron's app by which macOS and Windows are asked. */
interface LoginItems {
  readonly isPackaged: boolean;
  getLoginItemSettings(): { openAtLogin: boolean };
  setLoginItemSettings(settings: { openAtLogin: boolean }): void;
}

/** macOS and Windows. Of an app that was not installed the system would open the bare runtime. */
export function loginItem(app: LoginItems): LoginStart {
  return {
    get on() {
      return app.isPackaged ? app.getLoginItemSettings().openAtLogin : null;
    },
    choose: async (on) => app.setLoginItemSettings({ openAtLogin: on }),
  };
}

export interface DesktopEntryParts {
  /** The program and what it is started with. */
  command: readonly string[];
  /** What tells this profile from others; null for the usual one. */
  profile: string | null;
  env?: Readonly<Record<string, string | undefined>>;
}

/** Linux: a file that desktops read when a session begins (freedesktop.org, Desktop Application Autostart). */
export function desktopEntry({ command, profile, env = process.env }: DesktopEntryParts): LoginStart & {
  readonly path: string;
} {
  const folder = join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'autostart');
  const own = profile === null ? '' : `-${createHash('sha256').update(profile).digest('hex').slice(0, 8)}`;
  const path = join(folder, `matchbook${own}.desktop`);
  const text = entryText(command);
  return {
    path,
    get on() {
      const found = read(path);
      // Desktops let a person switch it off without taking the file away.
      return found !== null && !/^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(found);
    },
    choose: async (on) => {
      if (on) {
        await mkdir(folder, { recursive: true });
        await writeDurably(path, text);
      } else await rm(path, { force: true });
    },
  };
}

export const entryText = (command: readonly string[]): string =>
  `[Desktop Entry]
Type=Application
Name=Matchbook
Icon=matchbook
Exec=${command.map(quoted).join(' ')}
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
`;

/** Quoted as the Exec key wants it, and then as every string of such a file. */
function quoted(word: string): string {
  const inside = word.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%');
  return `"${inside}"`.replaceAll('\\', '\\\\');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** What this run was started with, without what was for it alone. */
export function commandOf(facts: {
  isPackaged: boolean;
  execPath: string;
  appPath: string;
  /** The user data folder, where the start named one. */
  profile: string | null;
  sandbox: boolean;
  env?: Readonly<Record<string, string | undefined>>;
}): string[] {
  const { isPackaged, execPath, appPath, profile, sandbox, env = process.env } = facts;
  return [
    // An AppImage is another place at each start; the file itself is named beside.
    (isPackaged && env.APPIMAGE) || execPath,
    ...(sandbox ? [] : ['--no-sandbox']),
    ...(isPackaged ? [] : [appPath]),
    ...(profile === null ? [] : [`--user-data-dir=${profile}`]),
  ];
}
