/** What was copied in another program, with its looks, as the Markdown that people write here. Loaded with the first paste that has some. */
import { LINKS } from '@matchbook/protocol/markdown/blocks';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { Parser } from 'htmlparser2';
import Turndown from 'turndown';

/** Looks that no element says: spans of word processors and mail programs. */
const LOOKS: readonly [mark: string, has: (style: CSSStyleDeclaration) => boolean][] = [
  ['**', ({ fontWeight }) => fontWeight === 'bold' || Number(fontWeight) >= 600],
  ['*', ({ fontStyle }) => fontStyle === 'italic'],
  ['~~', (style) => /line-through/.test(`${style.textDecoration} ${style.textDecorationLine}`)],
];
/** What is text here and would be a mark. */
const MARKS = /[\\`*_~|[\]]|^[ \t]*(?:[-+>]|\d+[.)])/gm;

/** @param html of the clipboard; nothing of it is ever put into the page */
export function markdownOf(html: string): string {
  return service()
    .turndown(treeOf(html))
    .replaceAll('\u00a0', ' ')
    .replaceAll(/[ \t]+$/gm, '')
    .trim();
}

/** What of an element is looked at. Nothing else is copied, least of all what could run. */
const LOOKED_AT = ['href', 'start', 'class'] as const;

/**
 * The elements and texts of a page, in a document of their own that shows and loads nothing. No parser of the browser engine has the text: the page's policy lets nothing through that
 * takes HTML (trusted types).
 */
function treeOf(html: string): HTMLElement {
  const inert = document.implementation.createHTMLDocument('');
  const open: HTMLElement[] = [inert.body];
  let covered = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (COVERED.has(name)) covered++;
      if (covered > 0 || PAGE.has(name)) return;
      const element = inert.createElement(/^[a-z][a-z0-9]*$/.test(name) ? name : 'span');
      for (const one of LOOKED_AT)
        if (attributes[one] !== undefined) element.setAttribute(one, attributes[one]);
      if (attributes.style !== undefined) element.style.cssText = attributes.style;
      open.at(-1)!.append(element);
      open.push(element);
    },
    ontext: (text) => {
      if (covered === 0) open.at(-1)!.append(text);
    },
    onclosetag: (name) => {
      if (COVERED.has(name)) covered--;
      else if (covered === 0 && !PAGE.has(name) && open.length > 1) open.pop();
    },
  });
  parser.end(html);
  return inert.body;
}
/** What has no text for people; and what is the page itself. */
const COVERED = new Set([
  'script',
  'style',
  'title',
  'noscript',
  'template',
  'svg',
  'head',
  'iframe',
  'object',
]);
const PAGE = new Set(['html', 'body']);

let made: Turndown | null = null;

function service(): Turndown {
  if (made) return made;
  made = new Turndown({
    ...{ bulletListMarker: '-', codeBlockStyle: 'fenced', emDelimiter: '*', strongDelimiter: '**', br: '' },
  });
  made.escape = (text) =>
    plainText(text) === text ? text : text.replaceAll(MARKS, (mark) => mark.replace(/\S$/, '\\$&'));
  const { addRule } = made;
  const rule = (name: string, filter: Turndown.Filter, replacement: Turndown.ReplacementFunction) =>
    addRule.call(made!, name, { filter, replacement });

  rule('lines', ['div', 'section', 'article', 'header', 'footer', 'main'], (content) => `\n${content}\n`);
  rule('break', 'br', () => '\n');
  rule('picture', 'img', () => '');
  rule('rule', 'hr', () => '\n\n');
  rule('heading', ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'], (content) => {
    const words = content.replaceAll('**', '').trim();
    return words === '' ? '' : `\n\n**${words}**\n\n`;
  });
  // Some wrap all of it in what is bold and says that it is not.
  rule(
    'notBold',
    (node) =>
      ['B', 'STRONG'].includes(node.nodeName) && /^(?:normal|[1-5]00)$/.test(node.style?.fontWeight ?? ''),
    (content) => content,
  );
  rule('struck', ['del', 's', 'strike' as never], (content) => around(content, '~~'));
  rule(
    'looks',
    (node) => node.nodeName === 'SPAN' && LOOKS.some(([, has]) => has(node.style)),
    (content, node) =>
      LOOKS.reduce(
        (said, [mark, has]) => (has((node as HTMLElement).style) ? around(said, mark) : said),
        content,
      ),
  );
  rule('link', 'a', (content, node) => {
    const href = (node as HTMLAnchorElement).getAttribute('href')?.trim() ?? '';
    const words = content.trim();
    if (words === '' || !LINKS.test(href)) return content;
    const bare = (one: string) =>
      one
        .replaceAll('\\', '')
        .replace(/^mailto:/i, '')
        .replace(/\/$/, '');
    return bare(words) === bare(href) ? href.replace(/^mailto:/i, '') : `[${words}](${encoded(href)})`;
  });
  rule('block', 'pre', (_, node) => {
    const text = (node.textContent ?? '').replace(/\n$/, '');
    const language = /\blanguage-([\w+#-]+)/.exec((node as HTMLElement).innerHTML)?.[1] ?? '';
    if (!text.includes('\n')) return text === '' ? '' : inline(text);
    const fence = text.includes('```') ? '````' : '```';
    return `\n\n${fence}${language}\n${text}\n${fence}\n\n`;
  });
  rule(
    'code',
    (node) => ['CODE', 'KBD', 'SAMP', 'TT'].includes(node.nodeName),
    (_, node) => inline(node.textContent ?? ''),
  );
  rule('item', 'li', (content, node) => {
    const list = node.parentNode as HTMLElement | null;
    const items = [...(list?.children ?? [])].filter(({ nodeName }) => nodeName === 'LI');
    const first = Number(list?.getAttribute('start') ?? 1);
    const mark = list?.nodeName === 'OL' ? `${first + items.indexOf(node as HTMLElement)}. ` : '- ';
    const lines = content
      .trim()
      .replaceAll(/\n{2,}/g, '\n')
      .replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    return `\n${mark}${lines}\n`;
  });
  rule('cell', ['td', 'th'], (content, node) => {
    const words = content.trim().replaceAll(/\s+/g, ' ');
    return node.nextElementSibling ? `${words}\t` : words;
  });
  rule('row', 'tr', (content) => `\n${content}\n`);
  return made;
}

const around = (content: string, mark: string): string => {
  const words = content.trim();
  return words === '' || words.startsWith(mark) ? content : content.replace(words, () => mark + words + mark);
};

function inline(text: string): string {
  const words = text.replaceAll('\n', ' ').trim();
  if (words === '') return '';
  return words.includes('`') ? `\`\` ${words} \`\`` : `\`${words}\``;
}

const encoded = (href: string) =>
  href.replaceAll(/[\s()<>]/g, (one) => encodeURIComponent(one).replace('(', '%28').replace(')', '%29'));
