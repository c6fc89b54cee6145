/** A thread: at once what is on this device, and where something may be missing there, what the server has. */
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { Thread } from '@matchbook/protocol/bridge/places';
import { useCallback, useEffect, useState } from 'react';
import type { Address } from '../../store/state.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { useAsked } from './use-asked.ts';

export interface ThreadView {
  answer: Outcome<Thread> | null;
  /** Places where answers may be missing. */
  holes: readonly { from: number; to: number }[];
  asking: boolean;
  /** Why the server could not be asked. */
  unasked: LocalFailure | null;
  /** The server was asked: what is missing still is not for this person to see. */
  whole: boolean;
  again: () => void;
}

interface Asked {
  asking: boolean;
  /** The server left nothing out up to there; null while it has not answered. */
  upTo: number | null;
  unasked: LocalFailure | null;
}

const NOT_YET: Asked = { asking: false, upTo: null, unasked: null };
const NONE: ThreadView['holes'] = [];

/** @param n of any message of it; the caller mounts it anew for another one */
export function useThread(address: Address, n: number): ThreadView {
  const store = useMatchbook();
  const timeline = useKnown((state) => state.timeline);
  const live = useKnown((state) => state.sessions[address.account]?.kind === 'live');
  const [asked, setAsked] = useState(NOT_YET);
  const [fetched, setFetched] = useState(0);
  // One value for both reasons to read it again.
  const [version, setVersion] = useState({ timeline, fetched });
  if (version.timeline !== timeline || version.fetched !== fetched) setVersion({ timeline, fetched });
  const answer = useAsked(() => store.talk.thread(address, n), version);
  const { upTo, asking, unasked } = asked;
  const known = answer?.ok ? answer.value : null;
  const holes = known?.holes.filter(({ to }) => to > (upTo ?? 0)) ?? NONE;
  const lacks = holes.length > 0 || (known?.absent === true && upTo === null);
  const { account, conv } = address;
  const ask = useCallback(() => {
    setAsked((before) => ({ ...before, asking: true, unasked: null }));
    void store.talk.fetchThread({ account, conv }, n).then((got) => {
      setAsked((before) =>
        got.ok
          ? { asking: false, upTo: got.value.upTo, unasked: null }
          : { ...before, asking: false, unasked: got.failure },
      );
      if (got.ok) setFetched((count) => count + 1);
    });
  }, [store, account, conv, n]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once more when the line is back
  useEffect(() => {
    if (lacks) ask();
  }, [lacks, live, ask]);
  return { answer, holes, asking, unasked, whole: upTo !== null, again: ask };
}
