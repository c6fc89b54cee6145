import { ACCENTS, FONT_SIZE } from '@matchbook/protocol/bridge/choices';
import type { Preferences } from '@matchbook/protocol/bridge/preferences';
import { useWords } from '../../i18n/words.tsx';
import { RadioRow, Slider } from '../base/radio-row.tsx';
import { Select } from '../base/select.tsx';
import { Switch } from '../base/switch.tsx';
import type { RoomProps } from './room.ts';

type Appearance = Preferences['appearance'];

export function AppearanceRoom({ known, change }: RoomProps) {
  const { say } = useWords();
  const { theme, contrast, accent, density, fontSize, motion } = known.appearance;
  const set = (appearance: Partial<Appearance>) => change({ appearance });
  const themes: { value: Appearance['theme']; label: string }[] = [
    { value: 'system', label: say('theme.system') },
    { value: 'light', label: say('theme.light') },
    { value: 'dark', label: say('theme.dark') },
  ];
  const densities: { value: Appearance['density']; label: string }[] = [
    { value: 'comfortable', label: say('density.comfortable') },
    { value: 'compact', label: say('density.compact') },
  ];
  return (
    <>
      <Select
        label={say('theme.label')}
        value={theme}
        options={themes}
        onChange={(chosen) => set({ theme: chosen })}
        setting="theme"
        testId="theme"
      />
      <Switch
        label={say('contrast.label')}
        hint={say('contrast.hint')}
        checked={contrast === 'more'}
        onChange={(on) => set({ contrast: on ? 'more' : 'system' })}
        setting="contrast"
        testId="contrast"
      />
      <RadioRow
        label={say('accent.label')}
        value={accent}
        options={ACCENTS.map((value) => ({ value, label: say(`accent.${value}`), swatch: value }))}
        onChange={(chosen) => set({ accent: chosen })}
        setting="accent"
        testId="accent"
      />
      <RadioRow
        label={say('density.label')}
        value={density}
        options={densities}
        onChange={(chosen) => set({ density: chosen })}
        setting="density"
        testId="density"
      />
      <Slider
        label={say('size.label')}
        hint={say('size.hint')}
        value={fontSize}
        {...{ least: FONT_SIZE.least, most: FONT_SIZE.most, step: FONT_SIZE.step }}
        shown={say('size.value', { percent: fontSize })}
        onChange={(size) => set({ fontSize: size })}
        setting="font-size"
        testId="font-size"
      />
      <Switch
        label={say('motion.label')}
        hint={say('motion.hint')}
        checked={motion === 'reduced'}
        onChange={(on) => set({ motion: on ? 'reduced' : 'system' })}
        setting="motion"
        testId="motion"
      />
    </>
  );
}
