/** Every section of the settings: one room a section. A further one is a line here, and its settings are lines in setting-list.ts. */
import {
  AppWindow,
  Bell,
  CircleUserRound,
  HardDrive,
  Info,
  Keyboard,
  Languages,
  type LucideIcon,
  Palette,
  Server,
  ServerCog,
  ShieldCheck,
  Wifi,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { ShortcutList } from '../keyboard/shortcut-list.tsx';
import { ServerRoom } from '../server/server-room.tsx';
import { AboutRoom } from './about-room.tsx';
import { AccountRoom } from './account-room.tsx';
import { AccountsRoom } from './accounts-room.tsx';
import { AppearanceRoom } from './appearance-room.tsx';
import { ConnectionRoom } from './connection-room.tsx';
import { LanguageRoom } from './language-room.tsx';
import { NotificationRoom } from './notification-room.tsx';
import { PrivacyRoom } from './privacy-room.tsx';
import type { RoomProps } from './room.ts';
import type { RoomId } from './setting-list.ts';
import { StorageRoom } from './storage-room.tsx';
import { TrayRoom } from './tray-room.tsx';

interface Room {
  id: RoomId;
  icon: LucideIcon;
  Content: ComponentType<RoomProps>;
}

export const ROOMS: readonly Room[] = [
  { id: 'account', icon: CircleUserRound, Content: AccountRoom },
  { id: 'accounts', icon: Server, Content: AccountsRoom },
  { id: 'notifications', icon: Bell, Content: NotificationRoom },
  { id: 'appearance', icon: Palette, Content: AppearanceRoom },
  { id: 'language', icon: Languages, Content: LanguageRoom },
  { id: 'privacy', icon: ShieldCheck, Content: PrivacyRoom },
  { id: 'storage', icon: HardDrive, Content: StorageRoom },
  { id: 'keyboard', icon: Keyboard, Content: ShortcutList },
  { id: 'connection', icon: Wifi, Content: ConnectionRoom },
  { id: 'tray', icon: AppWindow, Content: TrayRoom },
  { id: 'server', icon: ServerCog, Content: ServerRoom },
  { id: 'about', icon: Info, Content: AboutRoom },
];
