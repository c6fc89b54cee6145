import { plainText } from '@matchbook/protocol/markdown/plain';

/** They stand around what was found while its text is read: of private use, and no sign of Markdown. */
const FROM = '\uE000';
const TO = '\uE001';

interface Found {
  text: string;
  marks: readonly (readonly [number, number])[];
}

/** What was found without the marks of Markdown, as previews have it: what its author covered stays covered. */
export function plainFound({ text, marks }: Found): Found {
  if (text.includes(FROM) || text.includes(TO)) return { text, marks };
  let fenced = '';
  let at = 0;
  for (const [from, to] of marks) {
    if (from < at || to <= from) continue;
    fenced += `${text.slice(at, from)}${FROM}${text.slice(from, to)}${TO}`;
    at = to;
  }
  let plain = '';
  let begun: number | null = null;
  const found: [number, number][] = [];
  for (const sign of plainText(fenced + text.slice(at))) {
    if (sign === FROM) begun = plain.length;
    else if (sign === TO) {
      if (begun !== null) found.push([begun, plain.length]);
      begun = null;
    } else plain += sign;
  }
  return { text: plain, marks: found };
}
