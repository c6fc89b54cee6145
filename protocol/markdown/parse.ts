/** From text to blocks. Any text gives blocks: what is not understood stays as it was written. */
import { type Lexer, Marked, type MarkedToken, type Token, type Tokens } from 'marked';
import { type Block, type Inline, LINKS } from './blocks.ts';

/** Texts with more outside of their code are shown as they were written, UTF-16 units: nobody formats a book in a messenger, and a parser's time must have a bound. */
export const FORMATTED_LENGTH = 20_000;
/** Quotes, lists and emphasis within each other; what is deeper is text. */
const DEPTH = 12;
/** With more marks than this outside of its code a text was made to be slow: the parser's time grows with their square. */
const MARKS = 1_000;
const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ {0,3}\1/gm;
const QUOTED = /^(?: {0,3}>[^\n]*(?:\n|$))+/;
const MARK = /[[\]*_~`|\\<>!]/g;

const never = () => undefined;
const spoiler = {
  name: 'spoiler',
  level: 'inline' as const,
  start: (source: string) => {
    const at = source.indexOf('||');
    return at < 0 ? undefined : at;
  },
  tokenizer(this: { lexer: { inlineTokens(text: string): Token[] } }, source: string) {
    const found = /^\|\|(?=\S)([^\n]*?[^\s|])\|\|(?!\|)/.exec(source);
    if (!found) return undefined;
    return { type: 'spoiler', raw: found[0], tokens: this.lexer.inlineTokens(found[1]!) };
  },
};

const marked = new Marked({
  gfm: true,
  breaks: true,
  extensions: [spoiler],
  // No headings, rules, tables, definitions, indented code and, above all, no HTML: a message is not a document.
  tokenizer: {
    ...{ code: never, heading: never, lheading: never, hr: never, html: never, def: never, table: never },
    ...{ tag: never, reflink: never },
    // A quote ends with its last marked line: what one writes below it is one's own words.
    blockquote(this: { lexer: Lexer }, source: string) {
      const found = QUOTED.exec(source);
      if (!found) return undefined;
      const [raw] = found;
      const text = raw.replace(/^ {0,3}> ?/gm, '');
      const { state } = this.lexer;
      const { top } = state;
      state.top = true;
      const tokens = this.lexer.blockTokens(text, []);
      state.top = top;
      return { type: 'blockquote', raw, text, tokens };
    },
  },
});

/**
 * One paragraph of words: most of what people write, and what a timeline that is scrolled meets in every frame. Nothing in it means anything to the parser; a line that begins with
 * a digit may be a list, and www. an address.
 */
const WORDS = /^(?!www\.)\p{L}(?:[\p{L}\p{N} ,;?!'’"“”…()%€$–—]|\.(?![\p{L}\p{N}]))*(?<! )$/u;

export function blocksOf(text: string): Block[] {
  if (WORDS.test(text)) return plainBlocks(text);
  if (isTooMuch(text)) return plainBlocks(text);
  try {
    const blocks = blocksFrom(marked.lexer(text), 0);
    return blocks.length > 0 ? blocks : plainBlocks(text);
  } catch {
    return plainBlocks(text);
  }
}

function isTooMuch(text: string): boolean {
  if (text.length <= MARKS) return false;
  const words = text.replace(FENCED, '');
  return words.length > FORMATTED_LENGTH || (words.match(MARK)?.length ?? 0) > MARKS;
}

const plainBlocks = (text: string): Block[] => [{ kind: 'paragraph', inside: [{ kind: 'text', text }] }];

function blocksFrom(tokens: readonly Token[], depth: number): Block[] {
  const blocks: Block[] = [];
  let apart = true;
  for (const token of tokens as MarkedToken[]) {
    if (token.type === 'space') {
      apart = true;
      continue;
    }
    const block = blockOf(token, depth);
    const before = blocks.at(-1);
    // Lines that only look like the beginning of something else are still one paragraph.
    if (block.kind === 'paragraph' && before?.kind === 'paragraph' && !apart)
      before.inside.push({ kind: 'text', text: '\n' }, ...block.inside);
    else blocks.push(block);
    apart = false;
  }
  return blocks;
}

function blockOf(token: MarkedToken, depth: number): Block {
  if (depth >= DEPTH) return written(token.raw);
  switch (token.type) {
    case 'code': {
      const language = (token as Tokens.Code).lang?.trim().split(/\s/, 1)[0] ?? '';
      return { kind: 'code', text: token.text, language: language === '' ? null : language.slice(0, 30) };
    }
    case 'blockquote': {
      const inside = blocksFrom(token.tokens, depth + 1);
      return inside.length > 0 ? { kind: 'quote', inside } : written(token.raw);
    }
    case 'list':
      return {
        kind: 'list',
        start: token.ordered ? Number(token.start) || 1 : null,
        items: token.items.map((item) => {
          const inside = blocksFrom(item.tokens, depth + 1);
          return item.task ? [{ kind: 'paragraph', inside: [box(item)] }, ...inside] : inside;
        }),
      };
    case 'paragraph':
    case 'text':
      return { kind: 'paragraph', inside: inlinesFrom(token.tokens ?? [token], depth + 1) };
    default:
      return written(token.raw);
  }
}

const written = (raw: string): Block => ({
  kind: 'paragraph',
  inside: [{ kind: 'text', text: raw.replace(/\n+$/, '') }],
});

const box = (item: Tokens.ListItem): Inline => ({ kind: 'text', text: item.checked ? '☑ ' : '☐ ' });

function inlinesFrom(tokens: readonly Token[], depth: number): Inline[] {
  const inlines: Inline[] = [];
  for (const token of tokens) {
    const inline = inlineOf(token as MarkedToken, depth);
    const before = inlines.at(-1);
    if (inline.kind === 'text' && before?.kind === 'text') before.text += inline.text;
    else inlines.push(inline);
  }
  return inlines;
}

function inlineOf(
  token: MarkedToken | { type: 'spoiler'; raw: string; tokens: Token[] },
  depth: number,
): Inline {
  if (depth >= DEPTH) return { kind: 'text', text: token.raw };
  const inside = () => inlinesFrom((token as { tokens?: Token[] }).tokens ?? [], depth + 1);
  switch (token.type) {
    case 'strong':
      return { kind: 'bold', inside: inside() };
    case 'em':
      return { kind: 'italic', inside: inside() };
    case 'del':
      return { kind: 'strike', inside: inside() };
    case 'spoiler':
      return { kind: 'spoiler', inside: inside() };
    case 'codespan':
      return { kind: 'code', text: token.text };
    case 'br':
      return { kind: 'text', text: '\n' };
    case 'link': {
      const href = token.href.trim();
      if (!LINKS.test(href)) return { kind: 'text', text: token.raw };
      const link: Inline = { kind: 'link', href, inside: inside() };
      // A link shows its words alone: where some are covered, all of it is.
      return hasSpoiler(link.inside) ? { kind: 'spoiler', inside: [link] } : link;
    }
    case 'escape':
      return { kind: 'text', text: token.text };
    case 'text':
      return { kind: 'text', text: token.raw };
    default:
      return { kind: 'text', text: token.raw };
  }
}

const hasSpoiler = (inlines: readonly Inline[]): boolean =>
  inlines.some((one) => one.kind === 'spoiler' || ('inside' in one && hasSpoiler(one.inside)));
