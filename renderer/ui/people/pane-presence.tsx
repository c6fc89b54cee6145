import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { useEffect, useReducer } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { personKey } from '../../store/people-book.ts';
import { typingWords, writers } from '../sidebar/typing-words.ts';
import { useMatchbook } from '../use-store.ts';
import { presenceWords } from './presence-words.ts';
import { usePeople } from './use-people.ts';
import { useStanding } from './use-standing.ts';

/** "Today" becomes yesterday: looked at so often, ms. */
const AGAIN = 60_000;

/** Who writes in this conversation; else whether the other one is there, and their status; of a group, how many are in it. */
export function PanePresence({ row, user }: { row: ConversationRow; user: string }) {
  const store = useMatchbook();
  const words = useWords();
  const { account, conv, members } = row;
  const typing = usePeople((state) => state.presences[account]?.typing.get(conv));
  const known = usePeople((state) => state.known[account]);
  const person = row.form === 'direct' && !row.self ? members.find((one) => one.user !== user) : undefined;
  const other = person?.user;
  const presence = usePeople((state) => (other ? state.presences[account]?.users.get(other) : undefined));
  const profile = usePeople((state) => (other ? state.profiles[personKey(account, other)] : undefined));
  // The log tells a change at once; where nothing was heard of them yet the server's answer stands in.
  const status = useStanding(person && person.name !== null ? person.status : profile?.status);
  const [, look] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(look, AGAIN);
    return () => clearInterval(timer);
  }, []);
  // When they were last here is the server's to say: asked when somebody looks, and again when they have gone.
  useEffect(() => {
    if (other && !presence) void store.people.profile(account, other);
  }, [store, account, other, presence]);
  const writing = writers(typing, row, user);
  if (writing.length > 0) {
    const names = writing.map(
      (one) =>
        members.find((member) => member.user === one)?.name ??
        known?.get(one)?.name ??
        words.say('app.someone'),
    );
    return (
      <span className="pane-presence pane-typing" data-testid="pane-typing">
        {typingWords(names, row.form === 'direct', words)}
      </span>
    );
  }
  if (row.self) return null;
  const now = Date.now();

  const text = other
    ? presenceWords(presence, profile, now, words)
    : words.say('group.members', { count: members.length });
  return (
    <span className="pane-presence" data-testid="pane-presence">
      {status ? `${text} · ${status.text}` : text}
    </span>
  );
}
