import type { IpcMainInvokeEvent } from 'electron';
import type { Caller } from './bridge-ear.ts';

/** Who calls, as Electron knows it. A frame that is gone by now is nobody. */
export function callerOf({ sender, senderFrame }: IpcMainInvokeEvent): Caller {
  return {
    sender: sender.id,
    isMainFrame: senderFrame !== null && senderFrame === sender.mainFrame,
    origin: senderFrame === null ? '' : originOf(senderFrame.url),
  };
}

/** As `URL.origin`, which is `null` for a scheme of our own. */
function originOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return '';
  }
}
