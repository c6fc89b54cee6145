import type { ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import { Bold, Code, EyeOff, Italic, Link2, List, Quote, SquareCode, Strikethrough } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { keysText } from '../keyboard/keys.ts';
import type { Format } from './formatting.ts';

const BUTTONS: readonly [Format, typeof Bold, ShortcutId | null][] = [
  ['bold', Bold, 'bold'],
  ['italic', Italic, 'italic'],
  ['strike', Strikethrough, 'strike'],
  ['code', Code, 'code'],
  ['block', SquareCode, null],
  ['quote', Quote, null],
  ['list', List, null],
  ['link', Link2, 'link'],
  ['spoiler', EyeOff, null],
];
const mac = /mac/i.test(navigator.platform);

/** What a key means in the composer; null where it is none of ours. A link wants something selected: without, the key is the quick switcher's. */
export function formatOf(event: KeyboardEvent, selected: boolean): Format | null {
  if (event.altKey || !(mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey)) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === 'x' ? 'strike' : null;
  if (key === 'k') return selected ? 'link' : null;
  return key === 'b' ? 'bold' : key === 'i' ? 'italic' : key === 'e' ? 'code' : null;
}

/** The formats as buttons: what the keys do, for who does not know them. */
export function FormatBar({ onFormat }: { onFormat: (format: Format) => void }) {
  const { say } = useWords();
  return (
    <div className="format-bar" role="toolbar" aria-label={say('format.bar')} data-testid="format-bar">
      {BUTTONS.map(([format, Icon, key]) => {
        const label = say(`format.${format}`);
        return (
          <button
            key={format}
            type="button"
            className="button icon quiet small"
            data-testid={`format-${format}`}
            aria-label={label}
            title={key === null ? label : `${label} (${keysText(key)})`}
            // The selection in the text stays.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onFormat(format)}
          >
            <Icon size={16} aria-hidden="true" />
          </button>
        );
      })}
    </div>
  );
}
