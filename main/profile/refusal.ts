/** Why the app cannot start: said, and then it ends. */
import { app, dialog } from 'electron';
import type { StartFault } from '../words/catalogue.ts';
import { languageOf, speak, words } from '../words/words.ts';

/** A profile that is at fault may keep Chromium from ever being ready, ms. */
const READY_LIMIT = 5_000;

/** To the terminal in English, to the person in the language of their system, as no settings are read yet. @param smoke of a run that no person watches */
export async function refuse(cause: StartFault | unknown, smoke: boolean): Promise<void> {
  const told = () =>
    isStartFault(cause)
      ? words.cannotStart(cause)
      : cause instanceof Error
        ? 'failure' in cause
          ? cause.message
          : (cause.stack ?? cause.message)
        : String(cause);
  process.stderr.write(`Matchbook cannot start: ${told()}\n`);
  if (smoke) process.stdout.write(`smoke: failed: ${told().split('\n')[0]}\n`);
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
