import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { shownText } from '@matchbook/protocol/shown-text';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';

/** Of those that come at once. */
const READ_OUT = 3;

/** Reads out what comes in while the conversation is open: not the history, and not one's own. */
export function Announcer(props: {
  rows: readonly TimelineRow[];
  /** The newest of the conversation, while the rows end before it; else null. */
  beyond: number | null;
  nameOf: (user: string) => string;
  ready: boolean;
}) {
  const { rows, beyond, nameOf, ready } = props;
  const { say } = useWords();
  const heard = useRef<number | null>(null);
  const [told, setTold] = useState<{ n: number; words: string }[]>([]);
  useEffect(() => {
    if (!ready) return;
    const before = heard.current;
    // What lies beyond the rows is there already: who comes to it reads history.
    heard.current = Math.max(before ?? 0, beyond ?? 0, rows.findLast((row) => row.n !== null)?.n ?? 0);
    if (before === null || heard.current <= before) return;
    const fresh = rows.flatMap(({ n, own, sender, body }) => {
      const text = n !== null && n > before && !own && body ? shownText(body) : null;
      return n === null || !text
        ? []
        : [{ n, words: say('timeline.incoming', { sender: nameOf(sender), text: plainText(text) }) }];
    });
    if (fresh.length > 0) setTold(fresh.slice(-READ_OUT));
  }, [rows, beyond, ready, nameOf, say]);
  return (
    <div className="only-read" aria-live="polite" data-testid="announcer">
      {/* An element each: the same words once more are read once more. */}
      {told.map(({ n, words }) => (
        <p key={n}>{words}</p>
      ))}
    </div>
  );
}
