import { LIMITS } from '@matchbook/protocol/limits';
import { describe, expect, it } from 'vitest';
import { pastedAs } from './pasted.ts';
import { markdownOf } from './rich-text.ts';

const clipboard = (parts: Record<string, string>) => ({
  types: Object.keys(parts),
  getData: (type: string) => parts[type] ?? '',
});
const nothing = { text: '', start: 0, end: 0 };

describe('what is pasted', () => {
  it('keeps its looks where it has some, but not in code, not of an editor, and not where text is wanted', () => {
    const rich = { 'text/plain': 'a b', 'text/html': '<p>a <b>b</b></p>' };
    expect(pastedAs(clipboard(rich), nothing, false)).toMatchObject({ kind: 'rich', text: 'a b' });
    expect(pastedAs(clipboard(rich), nothing, true)).toEqual({ kind: 'plain' });
    const text = 'see\n```\nx';
    expect(pastedAs(clipboard(rich), { text, start: text.length, end: text.length }, false).kind).toBe(
      'plain',
    );
    expect(pastedAs(clipboard(rich), { text: 'a `b', start: 4, end: 4 }, false).kind).toBe('plain');
    expect(pastedAs(clipboard(rich), { text: 'a `b`', start: 5, end: 5 }, false).kind).toBe('rich');
    const painted = {
      'text/plain': 'if (a)\n  b',
      'text/html':
        '<meta charset="utf-8"><div style="font-family: mono;white-space: pre;"><b>if</b> (a)</div>',
    };
    expect(pastedAs(clipboard(painted), nothing, false).kind).toBe('plain');
    expect(
      pastedAs(clipboard({ 'text/plain': 'a', 'text/html': '<span>a</span>' }), nothing, false).kind,
    ).toBe('plain');
  });

  it('is a link where it is an address and words are selected', () => {
    const address = clipboard({ 'text/plain': 'https://tides.example/today ' });
    const into = { text: 'the tides today', start: 4, end: 9 };
    expect(pastedAs(address, into, false)).toEqual({ kind: 'link', url: 'https://tides.example/today' });
    expect(pastedAs(address, into, true).kind).toBe('plain');
    expect(pastedAs(address, { ...into, end: 4 }, false).kind).toBe('plain');
  });

  it('is a file where it is longer than a message may be', () => {
    const text = 'é'.repeat(LIMITS.bodyBytes / 2 + 1);
    expect(pastedAs(clipboard({ 'text/plain': text }), nothing, true)).toEqual({ kind: 'long', text });
    const fits = 'é'.repeat(LIMITS.bodyBytes / 2);
    expect(pastedAs(clipboard({ 'text/plain': fits }), nothing, false).kind).toBe('plain');
  });
});

describe('text with looks', () => {
  it('goes through nothing of the page that takes HTML', () => {
    // As the page's policy does.
    const { DOMParser } = globalThis;
    globalThis.DOMParser = class {
      parseFromString(): never {
        throw new TypeError("This document requires 'TrustedHTML' assignment.");
      }
    } as never;
    const inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML')!;
    Object.defineProperty(Element.prototype, 'innerHTML', {
      ...inner,
      set: () => {
        throw new TypeError("This document requires 'TrustedHTML' assignment.");
      },
    });
    try {
      expect(markdownOf('<p>a <b>b</b></p>')).toBe('a **b**');
    } finally {
      globalThis.DOMParser = DOMParser;
      Object.defineProperty(Element.prototype, 'innerHTML', inner);
    }
  });

  it.each([
    [
      'marks',
      '<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e*</code></p>',
      'a **b** *c* ~~d~~ `e*`',
    ],
    ['blanks outside of the marks', '<p>a<b> b </b>c</p>', 'a **b** c'],
    [
      'spans of a word processor',
      '<b style="font-weight:normal"><p><span style="font-weight:700">a</span><span> b </span><span style="font-style:italic;text-decoration:line-through">c</span></p></b>',
      '**a** b ~~*c*~~',
    ],
    [
      'lines of a mail program',
      '<div>one</div><div>two <b>x</b></div><div><br></div><div>three</div>',
      'one\ntwo **x**\n\nthree',
    ],
    [
      'lists',
      '<ul><li><p>one</p></li><li>two<ul><li>deep</li></ul></li></ul><ol start="3"><li>three</li><li>four</li></ol>',
      '- one\n- two\n  - deep\n\n3. three\n4. four',
    ],
    [
      'links where a link may lead',
      '<a href="https://a.b/c">words</a> <a href="https://a.b/">https://a.b</a> <a href="javascript:x()">no</a> <a href="#x">here</a>',
      '[words](https://a.b/c) https://a.b/ no here',
    ],
    [
      'code',
      '<pre><code class="language-ts">const a = 1;\n  b();\n</code></pre>',
      '```ts\nconst a = 1;\n  b();\n```',
    ],
    [
      'a title and a table',
      '<h2>Plan <b>B</b></h2><table><tbody><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></tbody></table>',
      '**Plan B**\n\na\tb\n1\t2',
    ],
    ['a quote', '<blockquote><p>said</p><p>so</p></blockquote><p>no</p>', '> said\n>\n> so\n\nno'],
    [
      'what only looks like a mark',
      '<p>snake_case and 2 * 3, but **this** <b>x</b></p>',
      'snake\\_case and 2 \\* 3, but \\*\\*this\\*\\* **x**',
    ],
    [
      'nothing that runs',
      '<script>alert(1)</script><style>a{}</style><p onclick="x()">a <b>b</b><img src=x onerror=alert(1)></p>',
      'a **b**',
    ],
  ])('has %s', (_, html, text) => {
    expect(markdownOf(html)).toBe(text);
  });
});
