/** Rules that every style sheet keeps: colours only from the tokens, and no left or right, so that a page can be read from either side. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const sheets = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'renderer/**/*.css'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter(Boolean);

const PHYSICAL = [
  /^\s*(margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)\b/,
  /^\s*(left|right|top|bottom)\s*:/,
  /^\s*(min-|max-)?(width|height)\s*:/,
  /^\s*border-(top|bottom)-(left|right)-radius\s*:/,
  /:\s*(left|right)\s*;/,
];
const COLOUR =
  /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch|oklab|color)\(|:\s*(white|black|red|blue|green|gray|grey)\b/i;
const SYSTEM = 'renderer/ui/forced-colours.css';
const TOKENS = 'renderer/ui/tokens.css';

function faults(file: string, text: string): string[] {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .flatMap((line, at) => {
      const physical = PHYSICAL.some((rule) => rule.test(line));
      // What is mixed from tokens is one.
      const colour = ![TOKENS, SYSTEM].includes(file) && COLOUR.test(line) && !line.includes('var(--');
      return physical || colour ? [`${file}:${at + 1}: ${line.trim()}`] : [];
    });
}

describe('every style sheet', () => {
  it('names no side and no colour of its own', () => {
    expect(sheets.length).toBeGreaterThan(8);
    expect(sheets.flatMap((file) => faults(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it.each([
    '  margin-left: 1rem;',
    '  text-align: right;',
    '  width: 2rem;',
    '  color: #fff;',
    '  background: white;',
    '  color: oklch(1 0 0);',
  ])('the test goes red for %s', (line) => expect(faults('planted.css', `.a {\n${line}\n}`)).toHaveLength(1));
});
