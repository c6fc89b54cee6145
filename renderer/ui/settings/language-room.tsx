import { LANGUAGES, type Language } from '@matchbook/protocol/bridge/choices';
import { choose, OWN_NAMES } from '../../i18n/languages.ts';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { Switch } from '../base/switch.tsx';
import type { RoomProps } from './room.ts';

/** Each language by its own name, so that who cannot read the present one finds theirs. */
export function LanguageRoom({ known, change }: RoomProps) {
  const { say } = useWords();
  const system = choose('system', known.facts.languages).language;
  const options: { value: Language | 'system'; label: string }[] = [
    {
      value: 'system',
      label: say('language.system', { language: OWN_NAMES[system === 'pseudo' ? 'en' : system] }),
    },
    ...LANGUAGES.map((language) => ({ value: language, label: OWN_NAMES[language] })),
  ];
  return (
    <>
      <Select
        label={say('language.label')}
        hint={say('language.hint')}
        value={known.language.language}
        options={options}
        onChange={(language) => change({ language: { language } })}
        setting="language"
        testId="language"
      />
      {known.facts.platform !== 'darwin' && (
        <Switch
          label={say('spelling.label')}
          hint={say('spelling.hint')}
          checked={known.privacy.spelling}
          onChange={(spelling) => change({ privacy: { spelling } })}
          setting="spelling"
          testId="spelling"
        />
      )}
    </>
  );
}
