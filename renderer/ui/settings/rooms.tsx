/** Every section of the settings: one room a section. A further one is a line here. */
import { AppWindow, Bell, type LucideIcon, Palette, Wifi } from 'lucide-react';
import type { ComponentType } from 'react';
import type { WordId } from '../../i18n/english.ts';
import { AppearanceRoom } from './appearance-room.tsx';
import { ConnectionRoom } from './connection-room.tsx';
import { NotificationRoom } from './notification-room.tsx';
import type { RoomProps } from './room.ts';
import { TrayRoom } from './tray-room.tsx';

interface Room {
  id: string;
  title: WordId;
  icon: LucideIcon;
  Content: ComponentType<RoomProps>;
}

export const ROOMS: readonly Room[] = [
  { id: 'notifications', title: 'settings.notifications', icon: Bell, Content: NotificationRoom },
  { id: 'appearance', title: 'settings.appearance', icon: Palette, Content: AppearanceRoom },
  { id: 'connection', title: 'settings.connection', icon: Wifi, Content: ConnectionRoom },
  { id: 'tray', title: 'settings.tray', icon: AppWindow, Content: TrayRoom },
];
