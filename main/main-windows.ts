/** The visible windows: equal views of the same rows. The last one that closes ends the app, except on macOS. */
import type { WindowEvents } from '@matchbook/protocol/bridge/window';
import type { BrowserWindow } from 'electron';
import type { Settings } from './settings.ts';
import { createMainWindow, type Pages } from './windows.ts';

/** Bounds are kept when a window has stood still for so long. */
const BOUNDS_PAUSE = 500;

export interface MainWindowsParts {
  pages: Pages;
  bounds(): Settings['window'];
  /** Null where the bounds are not this person's choice. */
  keepBounds: ((bounds: NonNullable<Settings['window']>) => void) | null;
  focused(): void;
  lastClosed(): void;
  log(line: string): void;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class MainWindows {
  #parts: MainWindowsParts;
  #windows = new Set<BrowserWindow>();
  #closed = false;

  constructor(parts: MainWindowsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#windows.size;
  }

  of(sender: number): BrowserWindow | null {
    return [...this.#windows].find((window) => window.webContents.id === sender) ?? null;
  }

  /** While the app ends, and between a crash and its reload, a window has no page to tell. */
  tell<K extends keyof WindowEvents & string>(name: K, event: WindowEvents[K]): void {
    if (this.#closed) return;
    for (const window of this.#windows)
      if (!window.isDestroyed() && !window.webContents.isCrashed()) window.webContents.send(name, event);
  }

  open(): BrowserWindow {
    const { pages, bounds, focused, lastClosed, log } = this.#parts;
    const window = createMainWindow(pages, bounds());
    this.#windows.add(window);
    window.on('closed', () => {
      this.#windows.delete(window);
      if (this.#windows.size === 0 && !this.#closed) lastClosed();
    });
    window.on('focus', focused);
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      log(`window: its process ended: ${reason}`);
      if (!this.#closed) window.reload();
    });
    this.#followBounds(window);
    return window;
  }

  /** The window a second start asks for. */
  show(): void {
    const window = [...this.#windows][0] ?? this.open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** The app ends: nothing is told any more, nothing is reloaded. */
  close(): void {
    this.#closed = true;
  }

  #followBounds(window: BrowserWindow): void {
    const { keepBounds, setTimer } = this.#parts;
    if (keepBounds === null) return;
    let pause: { cancel(): void } | null = null;
    const moved = () => {
      pause?.cancel();
      pause = setTimer(() => {
        if (!window.isDestroyed()) keepBounds(window.getNormalBounds());
      }, BOUNDS_PAUSE);
    };
    window.on('resize', moved);
    window.on('move', moved);
  }
}
