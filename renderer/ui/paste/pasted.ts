/** What becomes of what is pasted into a text. */
import { LIMITS } from '@matchbook/protocol/limits';
import { utf8Length } from '@matchbook/protocol/text';

export type Pasted =
  /** Longer than a message may be: a file of its own. */
  | { kind: 'long'; text: string }
  /** Onto words that were selected: they become the words of a link. */
  | { kind: 'link'; url: string }
  /** It has looks that can be written here. `text`: without them. */
  | { kind: 'rich'; html: string; text: string }
  /** As the browser engine pastes it. */
  | { kind: 'plain' };

/** More HTML than this is pasted without its looks, UTF-16 units. */
const RICH_LENGTH = 500_000;
const LOOKS =
  /<(?:b|strong|i|em|s|del|strike|code|pre|ul|ol|blockquote|h[1-6])[\s>]|<a\s[^>]*href|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|line-through/i;
/** Editors paint code with colours; its text is what is meant. */
const PAINTED = /^[\s\S]{0,400}<(?:div|span)[^>]*white-space:\s*pre\b/i;
const ADDRESS = /^https?:\/\/\S{3,2000}$/i;

/** @param into the text as it stands, and what is selected in it; `asText`: the person wants no looks */
export function pastedAs(
  data: Pick<DataTransfer, 'types' | 'getData'>,
  into: { text: string; start: number; end: number },
  asText: boolean,
): Pasted {
  const text = data.getData('text/plain');
  if (utf8Length(text) > LIMITS.bodyBytes) return { kind: 'long', text };
  if (asText || isInCode(into.text.slice(0, into.start))) return { kind: 'plain' };
  const selected = into.text.slice(into.start, into.end);
  if (
    selected.trim() !== '' &&
    !selected.includes('\n') &&
    !ADDRESS.test(selected) &&
    ADDRESS.test(text.trim())
  )
    return { kind: 'link', url: text.trim() };
  const html = data.getData('text/html');
  const rich =
    html !== '' &&
    html.length <= RICH_LENGTH &&
    !data.types.includes('vscode-editor-data') &&
    !PAINTED.test(html) &&
    LOOKS.test(html);
  return rich ? { kind: 'rich', html, text } : { kind: 'plain' };
}

/** In a block of code, or between backticks of one line. */
function isInCode(before: string): boolean {
  if ((before.match(/^```/gm)?.length ?? 0) % 2 === 1) return true;
  return (before.split('\n').at(-1)?.match(/`/g)?.length ?? 0) % 2 === 1;
}
