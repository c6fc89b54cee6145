/** Marks around what is selected in the composer: put there, or taken away again. */

export interface Selection {
  text: string;
  start: number;
  end: number;
}

export type Format = 'bold' | 'italic' | 'strike' | 'code' | 'block' | 'quote' | 'list' | 'link' | 'spoiler';

const AROUND: Partial<Record<Format, string>> = {
  bold: '**',
  italic: '*',
  strike: '~~',
  code: '`',
  spoiler: '||',
};
const LINES: Partial<Record<Format, string>> = { quote: '> ', list: '- ' };

/** The text with the format on or off, and what is selected then. */
export function formatted({ text, start, end }: Selection, format: Format): Selection {
  const mark = AROUND[format];
  if (mark !== undefined) return around({ text, start, end }, mark);
  const prefix = LINES[format];
  if (prefix !== undefined) return lines({ text, start, end }, prefix);
  const chosen = text.slice(start, end);
  if (format === 'block') {
    const before = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
    const after = text[end] === '\n' || end === text.length ? '' : '\n';
    return put({ text, start, end }, `${before}\`\`\`\n`, `\n\`\`\`${after}`);
  }
  // A link: what is chosen is its words, or its address.
  const address = /^(https?:\/\/|mailto:)\S+$/i.test(chosen);
  const made = address ? `[](${chosen})` : `[${chosen}](https://)`;
  const next = text.slice(0, start) + made + text.slice(end);
  const at = address ? start + 1 : start + made.length - 1;
  return { text: next, start: address ? at : at - 'https://'.length, end: at };
}

function around({ text, start, end }: Selection, mark: string): Selection {
  const { length } = mark;
  // Blanks at the ends stay outside: a mark beside a blank is no mark.
  const chosen = text.slice(start, end);
  const from = start + (chosen.length - chosen.trimStart().length);
  const to = Math.max(from, end - (chosen.length - chosen.trimEnd().length));
  if (isOn(run(text.slice(0, from), mark, -1), mark) && isOn(run(text.slice(to), mark, 1), mark)) {
    const next = text.slice(0, from - length) + text.slice(from, to) + text.slice(to + length);
    return { text: next, start: from - length, end: to - length };
  }
  const isMark = (at: number) =>
    text.slice(at, at + length) === mark &&
    (mark !== '*' || text.slice(at - 1, at + 2).replace(/[^*]/g, '') === '*');
  if (to - from >= 2 * length && isMark(from) && isMark(to - length)) {
    const next = text.slice(0, from) + text.slice(from + length, to - length) + text.slice(to);
    return { text: next, start: from, end: to - 2 * length };
  }
  return put({ text, start: from, end: to }, mark, mark);
}

/** How often the first letter of a mark stands at the end (-1) or at the beginning of a text. */
function run(text: string, mark: string, side: -1 | 1): number {
  let length = 0;
  while (text.at(side === 1 ? length : -1 - length) === mark[0]) length++;
  return length;
}

/** One star is italic, two are bold, three are both. */
const isOn = (length: number, mark: string): boolean =>
  mark === '*' ? length % 2 === 1 : length >= mark.length;

function put({ text, start, end }: Selection, before: string, after: string): Selection {
  return {
    text: text.slice(0, start) + before + text.slice(start, end) + after + text.slice(end),
    start: start + before.length,
    end: end + before.length,
  };
}

function lines({ text, start, end }: Selection, prefix: string): Selection {
  const from = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  const all = text.slice(from, to).split('\n');
  const off = all.every((line) => line.startsWith(prefix));
  const changed = all.map((line) => (off ? line.slice(prefix.length) : prefix + line)).join('\n');
  return { text: text.slice(0, from) + changed + text.slice(to), start: from, end: from + changed.length };
}

/** As the parser has it: what opens a block of code, and closes it with as many of the same marks. */
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** The place is in a block of code that was begun above it or in its line: Enter breaks the line there, and sends behind its end. */
export function isInCode(text: string, place: number): boolean {
  let open: string | null = null;
  for (const line of text.slice(0, place).split('\n')) {
    const [, marks, rest = ''] = FENCE.exec(line) ?? [];
    if (marks === undefined) continue;
    if (open === null) open = marks.startsWith('`') && rest.includes('`') ? null : marks;
    else if (marks.startsWith(open) && rest.trim() === '') open = null;
  }
  return open !== null;
}
