/**
 * The desktop's main process: one a profile; a profile that cannot be used is said at once. The window is made before the rest of the app is even read: its
 * process, and the store's thread, start beside that. What the page asks for meanwhile waits (first-window.ts).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP_SCHEME } from '@matchbook/protocol/bridge/app';
import { app, Menu, protocol } from 'electron';
import { KeptCode } from './profile/kept-code.ts';
import { profileFault } from './profile/profile-access.ts';
import { dropCopiedLocks, isCopiedHome, lockHolder } from './profile/profile-home.ts';
import { launchedIn, switchOn } from './switches.ts';
import { openFirstWindow } from './windows/first-window.ts';
import { glanceAt } from './windows/glance.ts';

/** Our set-up leaves this beside the runtime that it takes where the official one cannot be had (docs/decisions/0005). */
const olderRuntime = existsSync(join(process.execPath, '..', 'runtime.json'));
/** Folder of the built app. */
const out = join(import.meta.dirname, '..');
const started = Date.now();
const launched = launchedIn(process.argv) ?? started;

protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
]);

// Pages compile all of their scripts at once: only then is all of it in what is kept of them, and the next starts compile nothing (docs/decisions/0024).
app.commandLine.appendSwitch('js-flags', `${app.commandLine.getSwitchValue('js-flags')} --no-lazy`.trim());
const settings = glanceAt(join(app.getPath('userData'), 'settings.json'));
// What the browser engine says by itself: how dates and times are picked. Of the app's own words it is told nothing by this.
if (settings.language !== null && !app.commandLine.hasSwitch('lang'))
  app.commandLine.appendSwitch('lang', settings.language);
// Electron would make one of its own first. Ours comes with the language.
Menu.setApplicationMenu(null);

const profile = app.getPath('userData');
const fault = profileFault(profile);
/** The files of this profile were copied from another one, and nobody has said yet what becomes of it. */
const copied = fault === null && isCopiedHome(profile);
if (copied) dropCopiedLocks(profile);

if (fault !== null) void refuse(fault);
else if (app.requestSingleInstanceLock()) start().catch(refuse);
else {
  // The one that runs on this computer shows itself; one on another computer cannot.
  const holder = lockHolder(profile);
  if (holder === null) app.exit(0);
  else void refuse({ kind: 'in-use', folder: profile, holder });
}

/** ms. Whoever starts the app has other things for it to do. */
const CODE_KEPT_AFTER = 10_000;

async function start(): Promise<void> {
  await app.whenReady();
  const compiled = join(profile, 'Compiled');
  const first = openFirstWindow({ out, profile, compiled, copied, argv: process.argv, settings });
  await first.begun;
  const code = new KeptCode(compiled, join(out, 'main', 'chunks'));
  code.use();
  const { openDesktop } = await import('./desktop.ts');
  await openDesktop({ profile, copied, started, launched, olderRuntime, out, first });
  setTimeout(() => code.save(), CODE_KEPT_AFTER).unref();
}

async function refuse(cause: unknown): Promise<void> {
  const refusal = await import('./profile/refusal.ts');
  await refusal.refuse(cause, switchOn(process.argv, 'smoke'));
}
