/** No sentence stands in a component: what a person reads comes from the catalogue (renderer/i18n), so that it can be in their language. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** Attributes that are read or heard. */
const READ = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
  'hint',
  'description',
]);
/** Words that are the same in every language. */
const NAMES = new Set(['Matchbook', 'GIF', 'JSON', 'HTML']);
const ADDRESS = /\w[.:]\S/;
const LETTERS = /\p{L}{2,}/u;

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The text that an expression shows as it stands: a literal, a template, or a choice between such. */
function textOf(node: Node): string {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : '';
    case 'TemplateLiteral':
      return (node.quasis as { value: { raw: string } }[]).map(({ value }) => value.raw).join(' ');
    case 'ConditionalExpression':
      return `${textOf(node.consequent as Node)} ${textOf(node.alternate as Node)}`;
    case 'LogicalExpression':
      return textOf(node.right as Node);
    case 'JSXExpressionContainer':
      return textOf(node.expression as Node);
    default:
      return '';
  }
}

const says = (text: string) =>
  text
    .split(/\s+/)
    .some((word) => LETTERS.test(word) && !ADDRESS.test(word) && !NAMES.has(word.replace(/[^\p{L}]/gu, '')));

/** What of a component's source a person would read in English whatever their language. */
function hardCoded(file: string, source: string): string[] {
  const found: string[] = [];
  const tell = (node: Node, text: string) => {
    const line = source.slice(0, node.start).split('\n').length;
    if (says(text)) found.push(`${file}:${line}: ${text.trim()}`);
  };
  const walk = (node: Node) => {
    if (node.type === 'JSXText') tell(node, node.value as string);
    if (node.type === 'JSXElement' || node.type === 'JSXFragment')
      for (const child of node.children as Node[])
        if (child.type === 'JSXExpressionContainer') tell(child, textOf(child));
    if (node.type === 'JSXAttribute') {
      const { name } = node.name as { name: string };
      if (READ.has(name) && isNode(node.value)) tell(node, textOf(node.value));
    }
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) for (const one of value) if (isNode(one)) walk(one);
      if (isNode(value)) walk(value);
    }
  };
  walk(parseSync(file, source).program as unknown as Node);
  return found;
}

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'renderer/**/*.tsx'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file && !file.includes('.test.') && !file.includes('/testing/'));

describe('what a person reads', () => {
  it('stands in the catalogue, and nowhere in a component', () => {
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((file) => hardCoded(file, readFileSync(join(ROOT, file), 'utf8')));
    expect(found).toEqual([]);
  });

  it.each([
    ['const a = <p>Hello there</p>;', 'Hello there'],
    ["const a = <p>{open ? 'Hide it' : say('x')}</p>;", 'Hide it'],
    ['const a = <button aria-label="Close it" />;', 'Close it'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source text
    ['const a = <input placeholder={`Search ${name}`} />;', 'Search'],
    ["const a = <img alt={name ?? 'Somebody'} />;", 'Somebody'],
    ['const a = <Field label="Your name" />;', 'Your name'],
  ])('is found where it is planted: %s', (source, text) => {
    expect(hardCoded('planted.tsx', source).join()).toContain(text);
  });

  it.each([
    'const a = <p className="fine">{say(\'app.you\')}</p>;',
    'const a = <kbd>+</kbd>;',
    'const a = <small>Matchbook {version}</small>;',
    'const a = <time dateTime="2024-01-01">{short(at)}</time>;',
  ])('is not seen where there is none: %s', (source) => {
    expect(hardCoded('clean.tsx', source)).toEqual([]);
  });
});
