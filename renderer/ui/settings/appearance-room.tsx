import type { Preferences } from '@matchbook/protocol/bridge/preferences';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import type { RoomProps } from './room.ts';

type Theme = Preferences['appearance']['theme'];

export function AppearanceRoom({ known, change }: RoomProps) {
  const { say } = useWords();
  const themes: { value: Theme; label: string }[] = [
    { value: 'system', label: say('theme.system') },
    { value: 'light', label: say('theme.light') },
    { value: 'dark', label: say('theme.dark') },
  ];
  return (
    <Select
      label={say('theme.label')}
      value={known.appearance.theme}
      options={themes}
      onChange={(theme) => change({ appearance: { theme } })}
      testId="theme"
    />
  );
}
