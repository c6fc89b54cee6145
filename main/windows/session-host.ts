/** The hidden page in which the sessions run: started, addressed, and started anew when it ends or stands still. */
import type { HostEvents } from '@matchbook/protocol/bridge/host';
import type { BrowserWindow } from 'electron';
import { hears, isThere } from './hears.ts';

export interface SessionHostParts {
  /** A new page, on its way to its address. */
  create(): BrowserWindow;
  /** Before a new page is made. */
  started(reason: string): void;
}

export class SessionHost {
  #parts: SessionHostParts;
  #page: BrowserWindow | null = null;
  #closed = false;
  #pages = 0;

  constructor(parts: SessionHostParts) {
    this.#parts = parts;
  }

  /** Of its process; null while there is none. */
  get pid(): number | null {
    return isThere(this.#page) ? this.#page.webContents.getOSProcessId() : null;
  }

  /** Which page this is, from 1. */
  get page(): number {
    return this.#pages;
  }

  is(sender: number): boolean {
    return isThere(this.#page) && this.#page.webContents.id === sender;
  }

  /** A page that is gone or has crashed hears nothing; the next one asks for all that it needs. */
  send<K extends keyof HostEvents & string>(name: K, event: HostEvents[K]): void {
    if (hears(this.#page)) this.#page.webContents.send(name, event);
  }

  restart(reason: string): void {
    if (this.#closed) return;
    this.#parts.started(reason);
    this.#end();
    this.#pages += 1;
    const page = this.#parts.create();
    this.#page = page;
    page.webContents.on('render-process-gone', (_event, { reason: how }) => {
      if (this.#page === page) this.restart(`its process ended: ${how}`);
    });
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  /** Its process as well: one that spins, or was stopped, would not end by being asked. */
  #end(): void {
    const page = this.#page;
    this.#page = null;
    if (!page || page.isDestroyed()) return;
    if (hears(page)) page.webContents.forcefullyCrashRenderer();
    page.destroy();
  }
}
