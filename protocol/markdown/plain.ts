/** What is written, without its marks: for previews, notifications, quotes, and for who listens. */
import type { Block, Inline } from './blocks.ts';
import { blocksOf } from './parse.ts';

/** In the place of what the author covered: a preview must not tell it. */
const COVER = '■■■■';

export const plainText = (text: string): string => blocks(blocksOf(text));

const blocks = (list: readonly Block[]): string => list.map(block).join('\n');

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return inlines(one.inside);
    case 'code':
      return one.text;
    case 'quote':
      return blocks(one.inside);
    case 'list':
      return one.items
        .map((item, i) => `${one.start === null ? '•' : `${one.start + i}.`} ${blocks(item)}`)
        .join('\n');
  }
}

const inlines = (list: readonly Inline[]): string => list.map(inline).join('');

function inline(one: Inline): string {
  if (one.kind === 'text' || one.kind === 'code') return one.text;
  return one.kind === 'spoiler' ? COVER : inlines(one.inside);
}
