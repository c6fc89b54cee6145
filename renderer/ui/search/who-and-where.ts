/** People and conversations as filters name them: what they are called, and which of them something typed may mean. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { foldedName } from '../people/folded-name.ts';
import { useEverybody } from '../people/use-people.ts';
import { otherName } from '../people.ts';
import { useKnown } from '../use-store.ts';

export interface Named {
  id: string;
  name: string;
  folded: string;
}

export interface WhoAndWhere {
  user: string;
  rowOf: (conv: string) => ConversationRow | undefined;
  nameOf: (user: string) => string;
  titleOf: (conv: string) => string;
  /** Made when they are first asked for: there may be thousands. */
  people: () => readonly Named[];
  places: () => readonly Named[];
}

const NO_ROWS: readonly ConversationRow[] = [];

export function useWhoAndWhere(account: string): WhoAndWhere {
  const { say, compare } = useWords();
  const rows = useKnown((state) => state.conversations[account]) ?? NO_ROWS;
  const user = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user ?? '');
  const everybody = useEverybody(account);
  return useMemo(() => {
    const byConv = once(() => new Map(rows.map((row) => [row.conv, row])));
    const members = once(
      () => new Map(rows.flatMap((row) => row.members.map((one) => [one.user, one.name] as const))),
    );
    const rowOf = (conv: string) => byConv().get(conv);
    const nameOf = (one: string) =>
      one === user ? say('app.you') : (everybody.get(one)?.name ?? members().get(one) ?? say('app.someone'));
    const titled = (row: ConversationRow) =>
      row.self ? say('app.selfTitle') : (otherName(row, user, say) ?? say('app.someone'));
    const titleOf = (conv: string) => {
      const row = rowOf(conv);
      return row ? titled(row) : say('app.someone');
    };
    const named = (id: string, name: string): Named => ({ id, name, folded: foldedName(name) });
    return {
      ...{ user, rowOf, nameOf, titleOf },
      people: once(() => [
        named(user, say('app.you')),
        ...[...everybody.values()]
          .sort((a, b) => compare(a.name, b.name))
          .map((one) => named(one.user, one.name)),
      ]),
      places: once(() => rows.map((row) => named(row.conv, titled(row)))),
    };
  }, [rows, user, everybody, say, compare]);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Those whose name, or a later word of it, begins like what was typed; whole beginnings first. */
export function namedLike(all: readonly Named[], typed: string, most: number): Named[] {
  const wanted = foldedName(typed.trim());
  if (wanted === '') return all.slice(0, most);
  const [first, later]: [Named[], Named[]] = [[], []];
  for (const one of all) {
    if (one.folded.startsWith(wanted)) first.push(one);
    else if (later.length < most && one.folded.split(/\s+/u).some((word) => word.startsWith(wanted)))
      later.push(one);
    if (first.length >= most) break;
  }
  return [...first, ...later].slice(0, most);
}

/** The one that something typed means: of this name, or the only one that begins like it. */
export function meant(all: readonly Named[], typed: string): string | null {
  const wanted = foldedName(typed.trim());
  if (wanted === '') return null;
  const whole = all.filter(({ folded }) => folded === wanted);
  if (whole.length === 1) return whole[0]!.id;
  const begun = namedLike(all, typed, 2);
  return begun.length === 1 ? begun[0]!.id : null;
}
