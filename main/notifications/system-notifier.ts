/** The way this system shows notifications. */
import { Notification } from 'electron';
import type { SessionBus } from '../session-bus/session-bus.ts';
import { DesktopNotifier } from './desktop-notifier.ts';
import { ElectronNotifier, type ElectronNotifierParts } from './electron-notifier.ts';
import type { Notifier } from './notifier.ts';

export function systemNotifier(parts: {
  /** On Linux. */
  bus: SessionBus | null;
  icon: string;
  setTimer: ElectronNotifierParts['setTimer'];
}): Notifier {
  if (parts.bus) return new DesktopNotifier(parts.bus, parts.icon);
  return new ElectronNotifier({
    isSupported: () => Notification.isSupported(),
    make: (options) => new Notification(options),
    platform: process.platform,
    setTimer: parts.setTimer,
  });
}
