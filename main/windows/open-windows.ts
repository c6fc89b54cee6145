/**
 * The visible windows, of whatever kind: equal views of the same rows. One that closes, crashes or hangs concerns no other; the last one that
 * closes ends the app, except on macOS.
 */
import type { WindowEvents } from '@matchbook/protocol/bridge/window';
import type { BrowserWindow } from 'electron';
import { hears, isThere } from './hears.ts';
import { type Bounds, createWindow, MAIN_WINDOW, type Pages, type WindowSpec } from './windows.ts';

/** Bounds are kept when a window has stood still for so long, ms. */
const BOUNDS_PAUSE = 500;
/** A page that takes no input for so long is ended and loaded again, ms: what was typed into it lies in the draft. */
const HANGING = 10_000;
/** A page that ends so often within a minute is left alone until it is asked for. */
const CRASHES = 5;
const CRASH_SPAN = 60_000;

export interface OpenWindowsParts {
  pages: Pages;
  bounds(id: string): Bounds | null;
  /** Null where the bounds are not this person's choice. */
  keepBounds: ((id: string, bounds: Bounds) => void) | null;
  focused(): void;
  /** A window was sent an event of this type, in Chromium's words, by the system. */
  input(type: string): void;
  /** By the person's hand, not because the app ends. */
  closed(id: string): void;
  /** It is to be seen from now on, or not. */
  seen(window: number, on: boolean): void;
  lastClosed(): void;
  log(line: string): void;
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class OpenWindows {
  #parts: OpenWindowsParts;
  #windows = new Map<string, BrowserWindow>();
  #closed = false;

  constructor(parts: OpenWindowsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#windows.size;
  }

  get(id: string): BrowserWindow | null {
    return this.#windows.get(id) ?? null;
  }

  idOf(window: BrowserWindow): string | null {
    return [...this.#windows].find(([, one]) => one === window)?.[0] ?? null;
  }

  of(sender: number): BrowserWindow | null {
    // Contents that are gone have no id.
    return (
      [...this.#windows.values()].find((window) => isThere(window) && window.webContents.id === sender) ??
      null
    );
  }

  /** While the app ends, and between a crash and its reload, a window has no page to tell. */
  tell<K extends keyof WindowEvents & string>(name: K, event: WindowEvents[K]): void {
    if (this.#closed) return;
    for (const window of this.#windows.values()) send(window, name, event);
  }

  /** Tells one window, where it is open and has a page. */
  tellOne<K extends keyof WindowEvents & string>(id: string, name: K, event: WindowEvents[K]): void {
    const window = this.#windows.get(id);
    if (window && !this.#closed) send(window, name, event);
  }

  /** The same once its page has been loaded. */
  tellLoaded<K extends keyof WindowEvents & string>(id: string, name: K, event: WindowEvents[K]): void {
    const contents = this.#windows.get(id)?.webContents;
    if (contents?.isLoading()) contents.once('did-finish-load', () => this.tellOne(id, name, event));
    else this.tellOne(id, name, event);
  }

  /** Tells the window that asked. */
  tellSender<K extends keyof WindowEvents & string>(sender: number, name: K, event: WindowEvents[K]): void {
    const window = this.of(sender);
    if (window && !this.#closed) send(window, name, event);
  }

  tellOthers<K extends keyof WindowEvents & string>(sender: number, name: K, event: WindowEvents[K]): void {
    if (this.#closed) return;
    for (const window of this.#windows.values())
      if (isThere(window) && window.webContents.id !== sender) send(window, name, event);
  }

  /** The window of this id, made where there is none. */
  open(spec: WindowSpec = MAIN_WINDOW): BrowserWindow {
    const { pages, bounds } = this.#parts;
    return this.#windows.get(spec.id) ?? this.adopt(spec, createWindow(pages, spec, bounds(spec.id)));
  }

  /** Takes a window that is there already for that of this id. */
  adopt({ id }: WindowSpec, window: BrowserWindow): BrowserWindow {
    const { focused, input, closed, lastClosed } = this.#parts;
    this.#windows.set(id, window);
    window.on('closed', () => {
      this.#windows.delete(id);
      if (this.#closed) return;
      closed(id);
      if (this.#windows.size === 0) lastClosed();
    });
    this.#followSight(window);
    window.on('focus', focused);
    window.webContents.on('input-event', (_event, { type }) => input(type));
    this.#keepAlive(id, window);
    this.#followBounds(id, window);
    return window;
  }

  /** Opens it, or brings it before the person: a second start, a click on what it shows. */
  show(spec: WindowSpec = MAIN_WINDOW): BrowserWindow {
    const window = this.open(spec);
    if (window.webContents.isCrashed()) window.reload();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  }

  /** The app ends: nothing is told any more, nothing is reloaded. */
  close(): void {
    this.#closed = true;
  }

  #keepAlive(id: string, window: BrowserWindow): void {
    const { log, now, setTimer } = this.#parts;
    const contents = window.webContents;
    let crashes: number[] = [];
    contents.on('render-process-gone', (_event, { reason }) => {
      log(`window ${id}: its process ended: ${reason}`);
      crashes = [...crashes.filter((at) => now() - at < CRASH_SPAN), now()];
      if (this.#closed || window.isDestroyed()) return;
      if (crashes.length > CRASHES) log(`window ${id}: is not loaded again by itself`);
      else window.reload();
    });
    let hanging: { cancel(): void } | null = null;
    window.on('unresponsive', () => {
      log(`window ${id}: takes no input`);
      hanging ??= setTimer(() => {
        hanging = null;
        if (!this.#closed && hears(window)) contents.forcefullyCrashRenderer();
      }, HANGING);
    });
    window.on('responsive', () => {
      hanging?.cancel();
      hanging = null;
    });
    window.on('closed', () => hanging?.cancel());
  }

  #followSight(window: BrowserWindow): void {
    const { seen } = this.#parts;
    const { id } = window;
    if (window.isVisible() && !window.isMinimized()) seen(id, true);
    window.on('show', () => seen(id, true));
    window.on('restore', () => seen(id, true));
    window.on('hide', () => seen(id, false));
    window.on('minimize', () => seen(id, false));
    window.on('closed', () => seen(id, false));
  }

  #followBounds(id: string, window: BrowserWindow): void {
    const { keepBounds, setTimer } = this.#parts;
    if (keepBounds === null) return;
    let pause: { cancel(): void } | null = null;
    const moved = () => {
      pause?.cancel();
      pause = setTimer(() => {
        if (!window.isDestroyed())
          keepBounds(id, { ...window.getNormalBounds(), maximized: window.isMaximized() });
      }, BOUNDS_PAUSE);
    };
    window.on('resize', moved);
    window.on('move', moved);
    window.on('maximize', moved);
    window.on('unmaximize', moved);
  }
}

function send<K extends keyof WindowEvents & string>(
  window: BrowserWindow,
  name: K,
  event: WindowEvents[K],
): void {
  if (hears(window)) window.webContents.send(name, event);
}
