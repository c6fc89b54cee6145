/** The desktop's main process: one a profile; a profile that cannot be used is said at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP_SCHEME } from '@matchbook/protocol/bridge/app';
import { app, dialog, protocol } from 'electron';
import { openDesktop } from './desktop.ts';
import { readFlags } from './flags.ts';
import { profileFault } from './profile-access.ts';
import { dropCopiedLocks, isCopiedHome, lockHolder } from './profile-home.ts';

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

if (fault !== null) refuse(fault);
else if (app.requestSingleInstanceLock())
  void app
    .whenReady()
    .then(() => openDesktop({ flags, profile, copied, started, launched, olderRuntime }))
    .catch((error: unknown) =>
      refuse(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
else {
  // The one that runs on this computer shows itself; one on another computer cannot.
  const holder = lockHolder(profile);
  if (holder === null) app.exit(0);
  else refuse(`This profile is in use on the computer ${holder}: ${profile}. Quit Matchbook there first.`);
}

function refuse(message: string): void {
  process.stderr.write(`Matchbook cannot start: ${message}\n`);
  if (flags.smoke) process.stdout.write(`smoke: failed: ${message.split('\n')[0]}\n`);
  else dialog.showErrorBox('Matchbook cannot start', message);
  app.exit(1);
}
