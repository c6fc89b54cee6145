import type { Block, Inline } from '@matchbook/protocol/markdown/blocks';
import { blocksOf } from '@matchbook/protocol/markdown/parse';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONG_TEXT, mayBeLong, shortened } from './shortened.ts';

const said = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'paragraph') return words(block.inside);
      if (block.kind === 'code') return block.text;
      return block.kind === 'quote' ? said(block.inside) : block.items.map(said).join('');
    })
    .join('');
const words = (inlines: readonly Inline[]): string =>
  inlines.map((one) => ('text' in one ? one.text : words(one.inside))).join('');
const short = (text: string) => shortened(blocksOf(text));
const dense = (text: string) => text.replace(/\s+/gu, '');

describe('a long text', () => {
  it('is left as it is up to a limit', () => {
    for (const text of ['', 'hello', 'x'.repeat(LONG_TEXT.most), 'a line\n'.repeat(30)])
      expect(short(text)).toBeNull();
    expect(mayBeLong('x'.repeat(400))).toBe(false);
  });

  it('is cut at a blank, or where there is none at a whole sign', () => {
    const text = said(short('lorem ipsum dolor '.repeat(200))!);
    expect(text).toMatch(/^(?:lorem ipsum dolor )+.*[a-z] …$/u);
    expect(
      text
        .replace(' …', '')
        .split(' ')
        .every((word) => ['lorem', 'ipsum', 'dolor'].includes(word)),
    ).toBe(true);
    const family = '👩‍👩‍👧‍👦';
    const signs = said(short(family.repeat(400))!);
    expect(signs.replace(' …', '').replaceAll(family, '')).toBe('');
  });

  it('is cut after lines too, however short they are', () => {
    const lines = said(short('so\n'.repeat(200))!).split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(25);
  });

  it('keeps code, links and covers whole, and formats on', () => {
    const code = `\`\`\`\n${'const a = 1;\n'.repeat(300)}\`\`\``;
    const blocks = short(`${code}\n\n**${'bold '.repeat(400).trim()}**\n\n${'more '.repeat(400)}`)!;
    expect(blocks[0]).toEqual(blocksOf(code)[0]);
    expect(blocks[1]).toMatchObject({ kind: 'paragraph', inside: [{ kind: 'bold' }] });
    const link = `[${'word '.repeat(250).trim()}](https://a.example)`;
    expect(said(short(`${'x '.repeat(450)}${link} ${'y '.repeat(900)}`)!)).toContain(
      'word '.repeat(250).trim(),
    );
  });

  it('is its own beginning, shorter than it was, whatever was written', () => {
    const piece = fc.constantFrom(
      ...[
        'word ',
        'a\n',
        '\n\n',
        '- item\n',
        '> said\n',
        '**bold** ',
        '`code` ',
        '||covered|| ',
        '```\ncode\n```\n',
        '👩‍👧 ',
        'e\u0301\u0302',
        'عربي ',
        '漢字',
      ],
      ...['x'.repeat(700), 'long line of words '.repeat(20)],
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 120 }), (pieces) => {
        const text = pieces.join('');
        const blocks = blocksOf(text);
        const part = shortened(blocks);
        if (!mayBeLong(text)) expect(part).toBeNull();
        if (part === null) return;
        const [all, beginning] = [dense(said(blocks)), dense(said(part)).replaceAll('…', '')];
        expect(all.startsWith(beginning)).toBe(true);
        expect(beginning.length).toBeLessThan(all.length);
        expect(encodeURIComponent.bind(null, said(part))).not.toThrow();
        // Cut once, it is not long any more.
        expect(shortened(part)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
