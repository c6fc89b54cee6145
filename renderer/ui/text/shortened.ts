/** The beginning of a long text: what stands in a timeline until somebody asks for the rest. */
import type { Block, Inline } from '@matchbook/protocol/markdown/blocks';

/** In letters. A text over `most` is shortened to about `shown`, so that what is asked for is worth asking. */
export const LONG_TEXT = { most: 1_600, shown: 1_000 } as const;
/** A line, however short, takes as much room as so many letters. */
const LINE = 50;
/** Of a block of code so much counts: it scrolls in itself, and is never cut. */
const CODE = 600;
/** Letters before the place at which a line is cut in which a blank is looked for. */
const WORD = 80;

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Null where the text is not long. Formats stay whole; no code, link or cover is cut. */
export function shortened(blocks: readonly Block[]): Block[] | null {
  const room = roomOf(blocks);
  if (room <= LONG_TEXT.most) return null;
  const short = cut(blocks, LONG_TEXT.shown).blocks;
  return roomOf(short) < room ? short : null;
}

/** Quick to ask: false where a text is certainly not long. */
export const mayBeLong = (text: string): boolean => text.length + lineCount(text) * LINE > LONG_TEXT.most;

const lineCount = (text: string): number => text.split('\n').length;
const roomOfText = (text: string): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(LINE, line.length), 0);

const roomOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + roomOfBlock(block), 0);

function roomOfBlock(block: Block): number {
  switch (block.kind) {
    case 'paragraph':
      return roomOfText(textOf(block.inside));
    case 'code':
      return Math.min(CODE, roomOfText(block.text));
    case 'quote':
      return roomOf(block.inside);
    case 'list':
      return block.items.reduce((sum, item) => sum + roomOf(item), 0);
  }
}

const textOf = (inlines: readonly Inline[]): string =>
  inlines
    .map((inline) => (inline.kind === 'text' || inline.kind === 'code' ? inline.text : textOf(inline.inside)))
    .join('');

/** What fits, and how much room is left: none where something was left out. */
function cut(blocks: readonly Block[], room: number): { blocks: Block[]; left: number } {
  const kept: Block[] = [];
  let left = room;
  for (const block of blocks) {
    if (left <= 0) break;
    const whole = roomOfBlock(block);
    if (whole <= left || block.kind === 'code') {
      kept.push(block);
      left -= whole;
      continue;
    }
    if (block.kind === 'paragraph') kept.push({ ...block, inside: cutInlines(block.inside, left) });
    else if (block.kind === 'quote') kept.push({ ...block, inside: cut(block.inside, left).blocks });
    else {
      const items: Block[][] = [];
      for (const item of block.items) {
        if (left <= 0) break;
        const part = cut(item, left);
        items.push(part.blocks);
        left = part.left;
      }
      kept.push({ ...block, items });
    }
    left = 0;
  }
  return { blocks: kept, left };
}

function cutInlines(inlines: readonly Inline[], room: number): Inline[] {
  const kept: Inline[] = [];
  let left = room;
  for (const inline of inlines) {
    if (left <= 0) break;
    const text = textOf([inline]);
    // Within a line as long as it is; each further line at least a line.
    const takes = text.includes('\n') ? roomOfText(text) : text.length;
    if (takes <= left) kept.push(inline);
    else if (inline.kind === 'text') kept.push({ ...inline, text: cutText(inline.text, left) });
    else if (inline.kind === 'code' || inline.kind === 'link' || inline.kind === 'spoiler') kept.push(inline);
    else kept.push({ ...inline, inside: cutInlines(inline.inside, left) });
    left -= takes;
  }
  return kept;
}

/** Lines that fit, the last one to a blank, or else to a whole sign. */
function cutText(text: string, room: number): string {
  let left = room;
  let end = 0;
  for (const line of text.split('\n')) {
    if (left < LINE && end > 0) break;
    if (line.length > left) {
      end += placeToCut(line, Math.max(1, left));
      break;
    }
    end += line.length + 1;
    left -= Math.max(LINE, line.length);
  }
  return `${text.slice(0, end).trimEnd()} …`;
}

function placeToCut(line: string, most: number): number {
  const blank = line.lastIndexOf(' ', most);
  if (blank > most - WORD && blank > 0) return blank;
  let end = 0;
  for (const { index, segment } of segments.segment(line.slice(0, most + WORD))) {
    if (index + segment.length > most && end > 0) break;
    end = index + segment.length;
  }
  return end;
}
