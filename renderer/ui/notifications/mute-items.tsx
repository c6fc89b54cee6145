import { FOREVER } from '@matchbook/protocol/bridge/choices';
import { Clock, Infinity as Ever, Sunrise } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { MenuItem } from '../base/menu.tsx';
import { HOUR, tomorrowMorning } from './pauses.ts';

/** How long a conversation can be quiet. @param onMute until when, ms of the wall clock */
export function MuteItems({ onMute }: { onMute: (until: number) => void }) {
  const { say } = useWords();
  return (
    <>
      <MenuItem icon={<Clock size={14} />} testId="mute-hour" onSelect={() => onMute(Date.now() + HOUR)}>
        {say('bell.muteHour')}
      </MenuItem>
      <MenuItem
        icon={<Sunrise size={14} />}
        testId="mute-morning"
        onSelect={() => onMute(tomorrowMorning(Date.now()))}
      >
        {say('bell.muteMorning')}
      </MenuItem>
      <MenuItem icon={<Ever size={14} />} testId="mute-ever" onSelect={() => onMute(FOREVER)}>
        {say('bell.muteEver')}
      </MenuItem>
    </>
  );
}
