/** How the app is opened again while it runs, and how it ends. */
import { app } from 'electron';
import { invitationIn, messageLinkIn } from './flags.ts';

/** Stopping servers and store may take so long; then the app ends all the same. */
const QUIT_LIMIT = 10_000;

export interface Openings {
  show(): void;
  hasWindow(): boolean;
  /** Nothing happens before the person has confirmed it. */
  invited(invitation: string): void;
  /** It leads nowhere for who is not in that conversation. */
  ledTo(messageLink: string): void;
}

/** A second start, a click on the dock, a `matchbook://` link. */
export function hearOpenings({ show, hasWindow, invited, ledTo }: Openings): void {
  const offer = (words: readonly string[]) => {
    const invitation = invitationIn(words);
    if (invitation) invited(invitation);
    const message = messageLinkIn(words);
    if (message) ledTo(message);
  };
  app.on('second-instance', (_event, argv) => {
    show();
    offer(argv);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show();
    offer([url]);
  });
  app.on('activate', () => {
    if (!hasWindow()) show();
  });
  // The session host is a window too: quitting is decided by the visible ones.
  app.on('window-all-closed', () => {});
}

/** The part of Electron's power monitor that is heard. */
interface PowerEvents {
  on(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen', listener: () => void): unknown;
}

export interface Power {
  woke(): void;
  unlocked(): void;
  /** The machine goes to sleep, or its screen was locked. */
  left(): void;
  /** Each of them, for the connection log. */
  heard?(what: 'suspend' | 'resume' | 'lock' | 'unlock'): void;
}

/** Sleep and the lock of the screen. Some systems say `resume` twice. */
export function hearPower(monitor: PowerEvents, { woke, unlocked, left, heard }: Power): void {
  // First, so that what the others do stands after it in the log.
  monitor.on('suspend', () => heard?.('suspend'));
  monitor.on('resume', () => heard?.('resume'));
  monitor.on('lock-screen', () => heard?.('lock'));
  monitor.on('unlock-screen', () => heard?.('unlock'));
  monitor.on('suspend', left);
  monitor.on('lock-screen', left);
  monitor.on('resume', woke);
  monitor.on('unlock-screen', unlocked);
}

export interface Ending {
  /** At once, before anything is stopped. */
  begin(): void;
  stop(): Promise<void>;
  log(line: string): void;
}

/** @returns what the exit code is set by */
export function endInOrder({ begin, stop, log }: Ending): { exitCode: number } {
  const result = { exitCode: 0 };
  let quitting = false;
  app.on('before-quit', (event) => {
    if (quitting) return;
    event.preventDefault();
    quitting = true;
    begin();
    const limit = new Promise((resolve) => setTimeout(resolve, QUIT_LIMIT));
    void Promise.race([stop(), limit])
      .catch((error: unknown) => log(`quit: ${error}`))
      .finally(() => app.exit(result.exitCode));
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
  return result;
}
