import { blocksOf } from '@matchbook/protocol/markdown/parse';
import { type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Named } from '../text/leaf.tsx';
import { Markdown, MarkdownWithFoot } from '../text/markdown.tsx';
import { mayBeLong, shortened } from '../text/shortened.ts';
import { useRowHost } from './row-host.ts';

/** The text of a message: of a long one the beginning, and all of it when it is asked for or somebody was led here. */
export function MessageText(props: {
  /** Key of its row. */
  of: string;
  text: string;
  named: Named | undefined;
  whole: boolean;
  /** Stands at its end. */
  foot: ReactNode;
}) {
  const { of, text, named, whole, foot } = props;
  const { unfolded, hold } = useRowHost();
  const { say } = useWords();
  const [open, setOpen] = useState(() => whole || unfolded.has(of));
  const [led, setLed] = useState(whole);
  if (led !== whole) {
    setLed(whole);
    // Who was led here reads on after the light has gone out.
    if (whole) setOpen(true);
  }
  const part = useMemo(() => (mayBeLong(text) ? shortened(blocksOf(text)) : null), [text]);
  if (part === null)
    return foot ? (
      <MarkdownWithFoot text={text} named={named} foot={foot} />
    ) : (
      <Markdown text={text} named={named} />
    );
  const turn = ({ currentTarget, detail }: MouseEvent<HTMLButtonElement>) => {
    const message = currentTarget.closest<HTMLElement>('article');
    // Unfolded, it grows below what was read; folded, its beginning is shown, not what came behind the long text.
    if (message) hold(message, open);
    if (open) unfolded.delete(of);
    else unfolded.add(of);
    setOpen(!open);
    // By the keyboard one reads on from the message: the button is at its end now.
    if (!open && detail === 0) message?.focus({ preventScroll: true });
  };
  return (
    <div className="long-text">
      <Markdown text={text} named={named} part={open ? undefined : part} />
      <div className="long-text-end">
        <button
          type="button"
          className="show-more"
          data-testid="show-more"
          aria-expanded={open}
          onClick={turn}
        >
          {say(open ? 'message.showLess' : 'message.showMore')}
        </button>
        {foot}
      </div>
    </div>
  );
}
