import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { shownText } from '@matchbook/protocol/shown-text';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';

/** Reads out what comes in while the conversation is open: not the history, and not one's own. */
export function Announcer(props: {
  rows: readonly TimelineRow[];
  nameOf: (user: string) => string;
  ready: boolean;
}) {
  const { rows, nameOf, ready } = props;
  const { say } = useWords();
  const heard = useRef<number | null>(null);
  const [words, setWords] = useState('');
  useEffect(() => {
    if (!ready) return;
    const newest = rows.findLast((row) => row.n !== null);
    const before = heard.current;
    heard.current = Math.max(before ?? 0, newest?.n ?? 0);
    if (before === null || !newest || newest.own || (newest.n ?? 0) <= before) return;
    const { body } = newest;
    const text = body && shownText(body);
    if (text) setWords(say('timeline.incoming', { sender: nameOf(newest.sender), text: plainText(text) }));
  }, [rows, ready, nameOf, say]);
  return (
    <div className="only-read" aria-live="polite">
      {words}
    </div>
  );
}
