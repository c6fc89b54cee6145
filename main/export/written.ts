/** What people write, as HTML of an export's page: the marks as the app shows them, every text escaped, links to pages and addresses alone. */
import type { Block, Inline } from '@matchbook/protocol/markdown/blocks';
import { blocksOf } from '@matchbook/protocol/markdown/parse';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);

/** What a browser opens that does not have the app. */
const OPENED = /^(?:https?:\/\/|mailto:)/i;

/** Elements of their own, each in the direction of its text. */
export const writtenHtml = (text: string): string => blocks(blocksOf(text));

const blocks = (list: readonly Block[]): string => list.map(block).join('');

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return `<p class="text" dir="auto">${inlines(one.inside)}</p>`;
    case 'code':
      return `<pre dir="ltr"><code>${escaped(one.text)}</code></pre>`;
    case 'quote':
      return `<blockquote>${blocks(one.inside)}</blockquote>`;
    case 'list': {
      const items = one.items.map((item) => `<li dir="auto">${blocks(item)}</li>`).join('');
      return one.start === null ? `<ul>${items}</ul>` : `<ol start="${one.start}">${items}</ol>`;
    }
  }
}

const inlines = (list: readonly Inline[]): string => list.map(inline).join('');

const TAGS = { bold: 'b', italic: 'i', strike: 's' } as const;

function inline(one: Inline): string {
  switch (one.kind) {
    case 'text':
      return escaped(one.text);
    case 'code':
      return `<code>${escaped(one.text)}</code>`;
    case 'link': {
      const inside = inlines(one.inside);
      return OPENED.test(one.href) ? `<a href="${escaped(one.href)}" rel="noreferrer">${inside}</a>` : inside;
    }
    // Shown to who points at it or comes to it by Tab.
    case 'spoiler':
      return `<span class="spoiler" tabindex="0">${inlines(one.inside)}</span>`;
    default:
      return `<${TAGS[one.kind]}>${inlines(one.inside)}</${TAGS[one.kind]}>`;
  }
}
