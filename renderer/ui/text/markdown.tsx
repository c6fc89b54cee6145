import type { Block, Inline } from '@matchbook/protocol/markdown/blocks';
import { blocksOf } from '@matchbook/protocol/markdown/parse';
import { memo, type ReactNode, useMemo } from 'react';
import { CodeBlock } from './code-block.tsx';
import { Leaf, Link, type Named } from './leaf.tsx';
import { Spoiler } from './spoiler.tsx';

interface Written {
  text: string;
  named?: Named | undefined;
  /** What of it is shown; all of it where absent. */
  part?: readonly Block[] | undefined;
}

/** What somebody wrote: elements of ours and text nodes, never markup of theirs. */
export function Markdown({ text, named, part }: Written) {
  const { blocks, jumbo } = useMemo(() => readOf(text, part), [text, part]);
  return <Shown blocks={blocks} jumbo={jumbo} named={named} />;
}

/** The same with what stands at its end, when it was said and how far it came: on the last line where there is room, else below it. */
export function MarkdownWithFoot({ text, named, foot }: Omit<Written, 'part'> & { foot: ReactNode }) {
  const read = useMemo(() => readOf(text), [text]);
  return (
    <div className={read.flows ? `spoken flowing-${read.flows}` : 'spoken'}>
      <Shown blocks={read.blocks} jumbo={read.jumbo} named={named} />
      {foot}
    </div>
  );
}

interface Read {
  blocks: readonly Block[];
  /** Emoji and nothing else. */
  jumbo: boolean;
  /** The direction of its last paragraph; null where it ends with something that is no paragraph of text. */
  flows: 'ltr' | 'rtl' | null;
}

function readOf(text: string, part?: readonly Block[]): Read {
  const blocks = part ?? blocksOf(text);
  const jumbo = isEmojiOnly(text);
  const last = blocks.at(-1);
  const flows = jumbo || last?.kind !== 'paragraph' ? null : directionOf(inlineText(last.inside));
  return { blocks, jumbo, flows };
}

/** As `dir="auto"` finds it: by the first letter that has one. */
const directionOf = (text: string): 'ltr' | 'rtl' =>
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text)
    ? 'rtl'
    : 'ltr';

const Shown = memo(function Shown(props: Pick<Read, 'blocks' | 'jumbo'> & Pick<Written, 'named'>) {
  return (
    <div className={props.jumbo ? 'message-text jumbo' : 'message-text'} dir="auto">
      {blocksShown(props.blocks, props.named)}
    </div>
  );
});

const blocksShown = (blocks: readonly Block[], named: Named | undefined): ReactNode =>
  blocks.map((block, i) => <BlockShown key={i} block={block} named={named} />);

function BlockShown({ block, named }: { block: Block; named: Named | undefined }): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p dir="auto">{inlinesShown(block.inside, named)}</p>;
    case 'code':
      return <CodeBlock text={block.text} language={block.language} />;
    case 'quote':
      return <blockquote>{blocksShown(block.inside, named)}</blockquote>;
    case 'list': {
      const items = block.items.map((item, at) => <li key={at}>{blocksShown(item, named)}</li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

const inlinesShown = (inlines: readonly Inline[], named: Named | undefined): ReactNode =>
  inlines.map((inline, i) => <InlineShown key={i} inline={inline} named={named} />);

function InlineShown({ inline, named }: { inline: Inline; named: Named | undefined }): ReactNode {
  switch (inline.kind) {
    case 'text':
      return <Leaf text={inline.text} named={named} />;
    case 'code':
      return <code>{inline.text}</code>;
    case 'bold':
      return <strong>{inlinesShown(inline.inside, named)}</strong>;
    case 'italic':
      return <em>{inlinesShown(inline.inside, named)}</em>;
    case 'strike':
      return <s>{inlinesShown(inline.inside, named)}</s>;
    case 'spoiler':
      return <Spoiler>{inlinesShown(inline.inside, named)}</Spoiler>;
    case 'link':
      return <Link href={inline.href}>{inlineText(inline.inside)}</Link>;
  }
}

/** Its words alone: a link has no links in it. */
function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) =>
      inline.kind === 'text' || inline.kind === 'code' ? inline.text : inlineText(inline.inside),
    )
    .join('');
}

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u;
const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One to three emoji and nothing else are shown large. */
function isEmojiOnly(text: string): boolean {
  if (
    text.length > 40 ||
    !/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) ||
    !EMOJI_ONLY.test(text)
  )
    return false;
  const shown = [...segments.segment(text)].filter(({ segment }) => segment.trim() !== '');
  return (
    shown.length <= 3 &&
    shown.every(({ segment }) => /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment))
  );
}
