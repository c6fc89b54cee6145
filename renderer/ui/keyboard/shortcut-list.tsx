import { SHORTCUTS, type ShortcutGroup, type ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import { useWords } from '../../i18n/words.tsx';
import { keysOf } from './keys.ts';

const GROUPS: readonly ShortcutGroup[] = ['going', 'conversation', 'composing', 'app'];
const IDS = Object.keys(SHORTCUTS) as ShortcutId[];

/** Every shortcut, by what one is doing, with the keys of this platform. */
export function ShortcutList() {
  const { say } = useWords();
  return (
    <div className="shortcuts" data-setting="shortcuts">
      {GROUPS.map((group) => (
        <section key={group} aria-labelledby={`keys-${group}`}>
          <h3 id={`keys-${group}`}>{say(`keys.group.${group}`)}</h3>
          <dl>
            {IDS.filter((id) => SHORTCUTS[id].group === group).map((id) => (
              <div key={id} className="shortcut">
                <dt>{say(`keys.${id}`)}</dt>
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
