import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, LINKS } from './blocks.ts';
import { blocksOf, FORMATTED_LENGTH } from './parse.ts';
import { plainText } from './plain.ts';

const text = (said: string): Inline => ({ kind: 'text', text: said });
const paragraph = (...inside: Inline[]): Block => ({ kind: 'paragraph', inside });

describe('what people write', () => {
  it('is bold, italic, struck, code, covered and linked', () => {
    expect(blocksOf('**a** *b* ~~c~~ `d*` ||e **f**|| [g](https://h.i)')).toEqual([
      paragraph(
        { kind: 'bold', inside: [text('a')] },
        text(' '),
        { kind: 'italic', inside: [text('b')] },
        text(' '),
        { kind: 'strike', inside: [text('c')] },
        text(' '),
        { kind: 'code', text: 'd*' },
        text(' '),
        { kind: 'spoiler', inside: [text('e '), { kind: 'bold', inside: [text('f')] }] },
        text(' '),
        { kind: 'link', href: 'https://h.i', inside: [text('g')] },
      ),
    ]);
  });

  it('covers a link whose words are covered, wherever in them', () => {
    const href = 'https://x.org';
    const hidden: Inline = { kind: 'spoiler', inside: [text('who did it')] };
    for (const [said, inside] of [
      ['||who did it||', [hidden]],
      ['see **||who did it||**', [text('see '), { kind: 'bold', inside: [hidden] }]],
    ] as const) {
      expect(blocksOf(`[${said}](${href})`)).toEqual([
        paragraph({ kind: 'spoiler', inside: [{ kind: 'link', href, inside: [...inside] as Inline[] }] }),
      ]);
      expect(plainText(`[${said}](${href})`)).not.toContain('who');
    }
  });

  it('is the same by the short way, which plain words take', () => {
    const piece = fc.constantFrom(
      ...'a b É 7 . , ! ? ( ) www. x.de " – * _ ~ | < # - + = : @ / 1. ß'.split(' '),
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const said = pieces.join('').trim();
        // A line's end is nothing to the parser, and no plain word.
        if (said !== '') expect(blocksOf(said)).toEqual(blocksOf(`${said}\n`));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has code blocks, quotes and lists', () => {
    expect(
      blocksOf('look:\n```ts\nconst a = "<b>";\n```\n> said\n> so\n\n- one\n- two\n\n3. three\n4. four'),
    ).toEqual([
      paragraph(text('look:')),
      { kind: 'code', text: 'const a = "<b>";', language: 'ts' },
      { kind: 'quote', inside: [paragraph(text('said\nso'))] },
      { kind: 'list', start: null, items: [[paragraph(text('one'))], [paragraph(text('two'))]] },
      { kind: 'list', start: 3, items: [[paragraph(text('three'))], [paragraph(text('four'))]] },
    ]);
  });

  it('ends a quote with its last marked line: what follows is one’s own', () => {
    const quote = (...inside: Block[]): Block => ({ kind: 'quote', inside });
    expect(blocksOf('> said\nI do not think so')).toEqual([
      quote(paragraph(text('said'))),
      paragraph(text('I do not think so')),
    ]);
    expect(blocksOf('Look:\n>said\n> > deeper\n> so\nand I')).toEqual([
      paragraph(text('Look:')),
      quote(paragraph(text('said')), quote(paragraph(text('deeper'))), paragraph(text('so'))),
      paragraph(text('and I')),
    ]);
    expect(blocksOf('> - one\n> - two\n- mine').map(({ kind }) => kind)).toEqual(['quote', 'list']);
  });

  it('keeps lines, indentation, and everything that only looks like a document', () => {
    for (const said of [
      '# not a heading\nand a line',
      'a\n---\nb',
      '    four blanks',
      '<b>no</b> &amp; <script>alert(1)</script>',
      '| a | b |\n| - | - |\n| 1 | 2 |',
      '[a]: https://b.c',
      'snake_case_name and 2 * 3 * 4',
      'one\ntwo',
    ])
      expect(plainText(said)).toBe(said);
  });

  it('links only where a link may lead', () => {
    for (const href of [
      'javascript:alert(1)',
      'JaVaScRiPt:x',
      'data:text/html,x',
      'file:///etc/passwd',
      '//x',
    ])
      expect(blocksOf(`[a](${href})`)).toEqual([paragraph(text(`[a](${href})`))]);
    expect(JSON.stringify(blocksOf('<javascript:alert(1)>'))).not.toContain('href');
    expect(blocksOf('see https://a.b/c_d_e, or not')).toEqual([
      paragraph(
        text('see '),
        { kind: 'link', href: 'https://a.b/c_d_e', inside: [text('https://a.b/c_d_e')] },
        text(', or not'),
      ),
    ]);
  });

  it('is plain where marks cannot be shown, and does not tell what was covered', () => {
    expect(plainText('**Look**: ||the butler|| did `it`\n- one\n- two')).toBe(
      'Look: ■■■■ did it\n• one\n• two',
    );
  });

  const mark = fc.constantFrom(
    '*',
    '**',
    '_',
    '~~',
    '`',
    '```\n',
    '||',
    '[',
    '](',
    ')',
    '> ',
    '- ',
    '1. ',
    '\n',
    '\n\n',
    ' ',
    '\\',
    '<',
    '>',
    '!',
    '#',
    '&lt;',
    'javascript:',
    'https://a.b',
    'x',
    '語',
    '\u202e',
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(mark, { maxLength: 80 }).map((parts) => parts.join('')),
  );

  it('gives blocks for any text, and no link that could run anything', () => {
    const links = (of: (Block | Inline)[]): string[] =>
      of.flatMap((one) => [
        ...(one.kind === 'link' ? [one.href] : []),
        ...('inside' in one ? links(one.inside) : []),
        ...('items' in one ? one.items.flatMap(links) : []),
      ]);
    fc.assert(
      fc.property(anything, (said) => {
        const blocks = blocksOf(said);
        expect(blocks.length).toBeGreaterThan(0);
        for (const href of links(blocks)) expect(href).toMatch(LINKS);
        plainText(said);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has a bound in time for what was made to be slow', () => {
    const code = ['```ts\n', 'snake_case = a[b] * c;\n'.repeat(400), '```'].join('');
    expect(blocksOf(`look\n${code}`)).toMatchObject([
      { kind: 'paragraph' },
      { kind: 'code', language: 'ts' },
    ]);
    // Code is as long as a body may be; its lines are not looked into.
    const lines = Array.from({ length: 2_000 }, (_, i) => `const line${i} = [${i}];`).join('\n');
    expect(blocksOf(`\`\`\`js\n${lines}\n\`\`\``)).toMatchObject([{ kind: 'code', text: lines }]);
    const fences = [
      Array.from({ length: 350 }, (_, i) => `${'`'.repeat(352 - i)}x\n`).join(''),
      '```\n'.repeat(16_000),
      '```\n~~~\n'.repeat(8_000),
      '```\na\n```\n'.repeat(6_000),
      `~~~${'\n```'.repeat(16_000)}`,
      `\`\`\`\n${'*a _b [c]( '.repeat(5_900)}\n\`\`\``,
    ];
    const slow = [
      '>',
      '[',
      '*a ',
      '**',
      '`',
      '||',
      '<',
      '![',
      '- ',
      '> - ',
      '~~a',
      '_a_',
      '[](',
      'a*b_',
      '\\',
      '||a',
    ].flatMap((part) => [
      part.repeat(Math.floor(FORMATTED_LENGTH / part.length)),
      // As many as are looked at, with as much between them as fits.
      `${part}${'x'.repeat(18)}`
        .repeat(Math.floor(990 / (part.match(/[^ a-z]/g)?.length ?? 1)))
        .slice(0, FORMATTED_LENGTH),
    ]);
    for (const said of [...slow, ...fences, 'x'.repeat(65_536)]) {
      const began = process.cpuUsage();
      expect(blocksOf(said).length).toBeGreaterThan(0);
      // Generous: what has no bound takes minutes. Of this process alone; a busy machine makes that slower, too.
      expect(process.cpuUsage(began).user / 1_000, said.slice(0, 10)).toBeLessThan(3_000);
    }
  });
});
