/** Puts the bridge on a page: calls and events by the names of the map, and nothing else of Electron. */
import { BRIDGE_CHANNEL } from '@matchbook/protocol/bridge/app';
import { contextBridge, ipcRenderer } from 'electron';

/** Asks main. Whether it answers at all is its own affair: the name is looked at there too. */
export const invoke = (name: string, request: unknown): Promise<unknown> =>
  ipcRenderer.invoke(BRIDGE_CHANNEL, name, request);

/** @param more functions beside `call` and `on` @param ahead has some answers before main, or null */
export function expose(
  global: string,
  calls: readonly string[],
  events: readonly string[],
  more: Record<string, unknown> = {},
  ahead: (name: string, request: unknown) => Promise<unknown> | null = () => null,
): void {
  const mayCall = new Set(calls);
  const mayHear = new Set(events);
  contextBridge.exposeInMainWorld(global, {
    ...more,
    call: (name: string, request: unknown) =>
      mayCall.has(name)
        ? (ahead(name, request) ?? invoke(name, request))
        : Promise.reject(new Error(`No such call: ${name}`)),
    on: (name: string, listener: (event: unknown) => void) => {
      if (!mayHear.has(name)) throw new Error(`No such event: ${name}`);
      // The raw event stays here: its sender would be a way around the map.
      const forward = (_event: unknown, payload: unknown) => listener(payload);
      ipcRenderer.on(name, forward);
      return () => void ipcRenderer.removeListener(name, forward);
    },
  });
}
