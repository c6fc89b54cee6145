/** What is shown of the message that a text in the composer answers: from the rows that are here, else asked for. */
import type { TargetRef } from '@matchbook/protocol/bridge/more';
import type { Quote, TimelineRow } from '@matchbook/protocol/bridge/views';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { isSpoken } from '@matchbook/protocol/shown-files';
import { useEffect, useMemo, useState } from 'react';
import { saidIn } from '../../store/content.ts';
import { shownRows } from '../../store/reconcile.ts';
import { type Address, addressKey } from '../../store/state.ts';
import { wanted } from '../timeline/wanted.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Characters of the other message that are shown. */
const SHOWN = 300;

export function useQuoted(address: Address, reply: TargetRef | null, user: string): Quote | null {
  const store = useMatchbook();
  // Nothing is answered: whatever comes is nothing to who asks.
  const timeline = useKnown((state) => (reply === null ? null : state.timeline));
  const pending = useKnown((state) => (reply === null ? undefined : state.pending[addressKey(address)]));
  const here = useMemo(() => {
    if (reply === null) return null;
    const row = shownRows(timeline, pending ?? []).find((one) =>
      typeof reply === 'number' ? one.n === reply : one.own && one.id === reply.id,
    );
    return row ? quoteOf(row, user) : null;
  }, [reply, timeline, pending, user]);
  const [asked, setAsked] = useState<Quote | null>(null);
  const place = typeof reply === 'number' && here === null && timeline !== null ? reply : null;
  useEffect(() => {
    if (place === null) return;
    let current = true;
    void store.messages.at(address, place).then((row) => {
      if (current) setAsked(row ? quoteOf(row, user) : { n: place, sender: '', text: null, state: 'absent' });
    });
    return () => {
      current = false;
    };
  }, [place, store, address, user]);
  if (reply === null) return null;
  return here ?? (asked?.n === reply ? asked : null);
}

/** A row as an answer to it shows it. */
function quoteOf(row: TimelineRow, user: string): Quote {
  const now = wanted(row, user);
  const said = saidIn(now.body);
  return {
    n: row.n,
    sender: row.sender,
    text: said ? plainText(said.text).slice(0, SHOWN) : null,
    ...(said && said.files.length > 0 ? { files: said.files.map(({ name }) => name) } : {}),
    ...(said && isSpoken(said) ? { voice: true as const } : {}),
    state: now.deleted ? 'deleted' : 'there',
  };
}
