/**
 * The main window, made while the rest of the app is still being read. It is shown where it stood and in the theme that was chosen, as far as the settings
 * say so at a glance; its calls, and what it asks of the app's own address, wait until the desktop is put together.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { APP_SCHEME, BRIDGE_CHANNEL, PACKED } from '@matchbook/protocol/bridge/app';
import {
  type BrowserWindow,
  ipcMain,
  nativeTheme,
  type Protocol,
  protocol,
  type Session,
  session,
} from 'electron';
import { type Ear, refused } from '../bridge/bridge-ear.ts';
import { callerOf } from '../bridge/caller.ts';
import { boundsIn } from '../switches.ts';
import { type AppProtocolParts, appProtocol } from './app-protocol.ts';
import { dropFirstAnswers, takeFirstAnswers } from './first-answers.ts';
import type { Glance } from './glance.ts';
import { Microphone } from './microphone.ts';
import { spellNothingYet } from './spelling.ts';
import { createWindow, lockDown, lockSession, MAIN_WINDOW } from './windows.ts';

/** A page that asks for nothing is waited for so long, ms. */
const BEGUN_WITHIN = 2_000;
/** The same where it has its first answers, and nothing but its being usable is waited for, ms. */
const USABLE_WITHIN = 3_000;
/** A page that lacks an answer is waited for so much longer, ms: it may be one that it needs only later. */
const LACKING = 250;
/** What a page does not become usable without. */
const AWAITED: ReadonlySet<string> = new Set(['app.state', 'conversation.list', 'timeline.page']);
/** Chromium's number for a request that failed. */
const FAILED = -2;

export interface FirstWindow {
  window: BrowserWindow;
  microphone: Microphone;
  /** The first time the thread that has begun already and has been told nothing yet; then new ones. */
  takeThread(): Worker;
  /** Another session in which pages of the app may be opened, that of the windows being equipped already. */
  equip(session: Session): void;
  /** Takes the calls of pages. None comes before `answer`. */
  ear: Ear;
  /** Calls are answered from now on, those that wait first. */
  answer(): void;
  /**
   * Reading the rest of the app holds nothing up any more: the page and its scripts are on their way to its process, or, where what it asks first is known
   * already, it is usable.
   */
  begun: Promise<void>;
  /** When its page first said that it is usable, wall clock ms; null before. */
  usableAt(): number | null;
  /** The same for what only the whole app knows of its addresses. */
  serve(parts: Pick<AppProtocolParts, 'connect' | 'files'>): void;
}

export interface FirstWindowParts {
  /** Folder of the built app. */
  out: string;
  /** Folder of everything that is kept. */
  profile: string;
  /** Folder of compiled code. */
  compiled: string;
  /** The profile is one of somebody else. */
  copied: boolean;
  argv: readonly string[];
  settings: Glance;
}

/** Once, when Electron is ready. */
export function openFirstWindow(parts: FirstWindowParts): FirstWindow {
  const { out, profile, compiled, copied, argv, settings } = parts;
  const storeThread = () =>
    new Worker(join(out, 'main', 'local-store-worker.cjs'), { workerData: { compiled } });
  if (copied) dropFirstAnswers(profile);
  const first = copied ? null : takeFirstAnswers({ profile, out });
  let thread: Worker | null = first === null ? storeThread() : null;
  const microphone = new Microphone();
  lockDown(microphone);
  spellNothingYet(session.defaultSession);
  const calls = new Map<unknown, Parameters<Ear['handle']>[1]>();
  const answering = later<void>();
  const begun = later<void>();
  let usable: number | null = null;
  ipcMain.handle(BRIDGE_CHANNEL, async (event, name: unknown, payload: unknown) => {
    // By its number: a window that was closed has no page to be asked for, and the others go on asking.
    if (event.sender.id === page) {
      const known = first?.take(String(name), payload) ?? null;
      if (known !== null) return known;
      if (name === 'app.usable') usable ??= Date.now();
      // Rows or a list that are not known: perhaps it needs them, and they wait for the store.
      if (name === 'app.usable') begun.resolve();
      else if (first !== null && AWAITED.has(String(name))) setTimeout(begun.resolve, LACKING);
    }
    const early = callerOf(event);
    await answering.promise;
    // A preload may ask before the browser knows which page it belongs to.
    const caller = early.origin === '' ? callerOf(event) : early;
    const listener = calls.get(name);
    if (!listener) return refused(`No such call: ${String(name).slice(0, 100)}`);
    const answer = await listener(caller, payload);
    return PACKED.has(String(name)) ? JSON.stringify(answer) : answer;
  });
  const served = later<Pick<AppProtocolParts, 'connect' | 'files'>>();
  const pages = appProtocol({
    ...{ root: join(out, 'renderer'), host: 'matchbook' },
    connect: async () => (await served.promise).connect(),
    files: async (request) => (await served.promise).files(request),
  });
  // Not `handle`: it makes a `Request` and a `Response` of each, and the library behind these is loaded before the first page can be.
  let asked = 0;
  let scripts = false;
  setTimeout(begun.resolve, first === null ? BEGUN_WITHIN : USABLE_WITHIN);
  void begun.promise.then(() => {
    thread ??= storeThread();
  });
  const serve: Parameters<Protocol['registerStreamProtocol']>[1] = (request, answer) => {
    asked++;
    scripts ||= request.url.endsWith('.js');
    pages(request)
      .then(answer, () => answer({ error: FAILED }))
      .finally(() => {
        asked--;
        // They are asked for all at once.
        if (scripts && asked === 0 && first === null) begun.resolve();
      });
  };
  protocol.registerStreamProtocol(APP_SCHEME, serve);
  nativeTheme.themeSource = settings.theme;
  const window = createWindow(
    { preload: join(out, 'preload') },
    MAIN_WINDOW,
    boundsIn(argv) ?? settings.bounds,
  );
  const page = window.webContents.id;
  return {
    window,
    microphone,
    takeThread: () => {
      const taken = thread ?? storeThread();
      thread = null;
      return taken;
    },
    ear: { handle: (name, listener) => void calls.set(name, listener) },
    equip: (other) => {
      if (other === session.defaultSession) return;
      lockSession(other);
      spellNothingYet(other);
      other.protocol.registerStreamProtocol(APP_SCHEME, serve);
    },
    answer: () => {
      first?.end();
      answering.resolve();
    },
    serve: served.resolve,
    begun: begun.promise,
    usableAt: () => usable,
  };
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
