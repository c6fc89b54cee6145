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

/** Relative luminance (WCAG 2.2) of an OKLCH colour, cut to what a screen shows. */
function luminance(light: number, chroma: number, hue: number): number {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const shown = (value: number) => Math.min(1, Math.max(0, value));
  return (
    0.2126 * shown(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) +
    0.7152 * shown(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) +
    0.0722 * shown(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}

describe('the colour of a person', () => {
  const tokens = readFileSync(join(ROOT, TOKENS), 'utf8');
  const every = (name: string) =>
    [...tokens.matchAll(new RegExp(`--${name}: ([\\d.]+);`, 'g'))].map(([, value]) => Number(value));

  it('is one on which their initials can be read, whichever it is and in every look', () => {
    const [lights, chromas] = [every('avatar-light'), every('avatar-chroma')];
    expect([lights.length, chromas.length]).toEqual([3, 3]);
    const letters = luminance(0.99, 0.01, 80) + 0.05;
    for (const [look, light] of lights.entries())
      for (let hue = 0; hue < 360; hue += 15) {
        const contrast = letters / (luminance(light, chromas[look]!, hue) + 0.05);
        expect([look, hue, contrast >= 4.5]).toEqual([look, hue, true]);
      }
  });
});
