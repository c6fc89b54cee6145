/** The diagnostics window: one at most, beside whatever other windows there are. Its page asks main alone. */
import type { DiagnosticsEvents } from '@matchbook/protocol/bridge/diagnostics';
import type { BrowserWindow } from 'electron';
import { hears, isThere } from '../windows/hears.ts';

export interface DiagnosticsWindowParts {
  get(): BrowserWindow | null;
  show(): BrowserWindow;
  /** It closed, was loaded again or crashed: whatever it had switched on is off again. */
  gone(): void;
}

export class DiagnosticsWindow {
  #parts: DiagnosticsWindowParts;
  #followed: BrowserWindow | null = null;

  constructor(parts: DiagnosticsWindowParts) {
    this.#parts = parts;
  }

  is(sender: number): boolean {
    const window = this.#parts.get();
    return isThere(window) && window.webContents.id === sender;
  }

  open(): void {
    const { show, gone } = this.#parts;
    const window = show();
    if (window === this.#followed) return;
    this.#followed = window;
    window.webContents.on('did-start-loading', gone);
    window.webContents.on('render-process-gone', gone);
    window.on('closed', () => {
      this.#followed = null;
      gone();
    });
  }

  tell<K extends keyof DiagnosticsEvents & string>(name: K, event: DiagnosticsEvents[K]): void {
    const window = this.#parts.get();
    if (hears(window)) window.webContents.send(name, event);
  }
}
