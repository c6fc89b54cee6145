import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { Level, Sound } from '@matchbook/protocol/bridge/preferences';
import { Bell, BellOff } from 'lucide-react';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { type Address, sameAddress } from '../../store/state.ts';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { usePreferences } from '../use-preferences.ts';
import { useMatchbook } from '../use-store.ts';
import { useTimeUntil } from '../use-time-until.ts';
import { MuteItems } from './mute-items.tsx';

/** What of this conversation makes a notification: muted on all devices, level and sound on this one. */
export const ConversationBell = memo(function ConversationBell(props: {
  address: Address;
  /** ms; 0: not muted. */
  mutedUntil: number;
}) {
  const { address, mutedUntil } = props;
  const store = useMatchbook();
  const { preferences } = store;
  const { say, moment } = useWords();
  const about = usePreferences((state) => state.conversation);
  const chosen = about && sameAddress(about.address, address) ? about.chosen : null;
  const now = useTimeUntil(mutedUntil);
  const muted = mutedUntil > now;
  const mute = (until: number) => void store.told(preferences.mute(address, until));
  const label = muted
    ? mutedUntil === FOREVER
      ? say('bell.mutedEver')
      : say('bell.mutedUntil', { time: moment(mutedUntil) })
    : say('bell.label');
  const Icon = muted ? BellOff : Bell;
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="button icon quiet pane-spare"
          aria-label={label}
          title={label}
          data-testid="conversation-bell"
          data-muted={muted}
        >
          <Icon size={18} aria-hidden="true" />
        </button>
      }
      onOpenChange={(open) => open && void preferences.about(address)}
    >
      {muted ? (
        <MenuItem icon={<Bell size={14} />} testId="unmute" onSelect={() => mute(0)}>
          {say('bell.unmute')}
        </MenuItem>
      ) : (
        <MuteItems onMute={mute} />
      )}
      {chosen && (
        <>
          <MenuSeparator />
          <MenuChoice<Level | 'usual'>
            label={say('bell.level')}
            value={chosen.level ?? 'usual'}
            options={[
              { value: 'usual', label: say('bell.usual') },
              { value: 'all', label: say('level.all') },
              { value: 'mentions', label: say('level.mentions') },
              { value: 'none', label: say('level.none') },
            ]}
            onChange={(level) =>
              void store.told(preferences.choose(address, { level: level === 'usual' ? null : level }))
            }
          />
          <MenuSeparator />
          <MenuChoice<Sound | 'usual'>
            label={say('bell.sound')}
            value={chosen.sound ?? 'usual'}
            options={[
              { value: 'usual', label: say('bell.usual') },
              { value: 'matchbook', label: say('sound.matchbook') },
              { value: 'system', label: say('sound.system') },
              { value: 'none', label: say('sound.none') },
            ]}
            onChange={(sound) =>
              void store.told(preferences.choose(address, { sound: sound === 'usual' ? null : sound }))
            }
          />
        </>
      )}
    </Menu>
  );
});
