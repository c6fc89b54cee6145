/** The desktop's main process: one a profile; a profile that cannot be used is said at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP_SCHEME } from '@matchbook/protocol/bridge/app';
import { app, dialog, protocol } from 'electron';
import { openDesktop } from './desktop.ts';
import { readFlags } from './flags.ts';
import { profileFault } from './profile-access.ts';
import { dropCopiedLocks, isCopiedHome, lockHolder } from './profile-home.ts';
import type { StartFault } from './words/catalogue.ts';
import { languageOf, speak, words } from './words/words.ts';

/** A profile that is at fault may keep Chromium from ever being ready, ms. */
const READY_LIMIT = 5_000;

const flags = readFlags(process.argv);
/** Our set-up leaves this beside the runtime that it takes where the official one cannot be had (docs/decisions/0005). */
const olderRuntime = existsSync(join(process.execPath, '..', 'runtime.json'));
const started = Date.now();
const launched = flags.smokeStarted ?? started;

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

const profile = app.getPath('userData');
const fault = profileFault(profile);
/** The files of this profile were copied from another one, and nobody has said yet what becomes of it. */
const copied = fault === null && isCopiedHome(profile);
if (copied) dropCopiedLocks(profile);

if (fault !== null) void refuse(fault);
else if (app.requestSingleInstanceLock())
  void app
    .whenReady()
    .then(() => openDesktop({ flags, profile, copied, started, launched, olderRuntime }))
    .catch((error: unknown) => refuse(error));
else {
  // The one that runs on this computer shows itself; one on another computer cannot.
  const holder = lockHolder(profile);
  if (holder === null) app.exit(0);
  else void refuse({ kind: 'in-use', folder: profile, holder });
}

/** Says why and ends: to the terminal in English, to the person in the language of their system, as no settings are read yet. */
async function refuse(cause: StartFault | unknown): Promise<void> {
  const told = () =>
    isStartFault(cause)
      ? words.cannotStart(cause)
      : cause instanceof Error
        ? (cause.stack ?? cause.message)
        : String(cause);
  process.stderr.write(`Matchbook cannot start: ${told()}\n`);
  if (flags.smoke) process.stdout.write(`smoke: failed: ${told().split('\n')[0]}\n`);
  else {
    // Before that there is no window to be had on Linux, and the box would be written to the terminal alone.
    await Promise.race([app.whenReady(), new Promise((resolve) => setTimeout(resolve, READY_LIMIT))]);
    speak(languageOf('system', app.getPreferredSystemLanguages()));
    dialog.showErrorBox(words.dialog.cannotStart, told());
  }
  app.exit(1);
}

const isStartFault = (cause: unknown): cause is StartFault =>
  typeof cause === 'object' && cause !== null && 'kind' in cause && 'folder' in cause;
