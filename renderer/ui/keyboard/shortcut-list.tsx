import { SHORTCUTS, type ShortcutGroup, type ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';
import { keysOf } from './keys.ts';

const GROUPS: readonly ShortcutGroup[] = ['going', 'conversation', 'composing', 'app'];
/** They are called as their buttons are. */
const FORMATS = ['bold', 'italic', 'strike', 'code', 'link'] as const;
type FormatId = (typeof FORMATS)[number];
const isFormat = (id: ShortcutId): id is FormatId => FORMATS.some((one) => one === id);
const wordOf = (id: ShortcutId): WordId => (isFormat(id) ? `format.${id}` : `keys.${id}`);

const IDS = Object.keys(SHORTCUTS) as ShortcutId[];

/** Every shortcut, by what one is doing, with the keys of this platform. */
export function ShortcutList() {
  const { say } = useWords();
  return (
    <div className="shortcuts" data-setting="shortcuts" tabIndex={-1}>
      {GROUPS.map((group) => (
        <section key={group} aria-labelledby={`keys-${group}`}>
          <h3 id={`keys-${group}`}>{say(`keys.group.${group}`)}</h3>
          <dl>
            {IDS.filter((id) => SHORTCUTS[id].group === group).map((id) => (
              <div key={id} className="shortcut">
                <dt>{say(wordOf(id))}</dt>
                <dd dir="ltr">
                  {keysOf(id).map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
