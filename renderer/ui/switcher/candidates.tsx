/** Everything that the quick switcher may lead to, apart from messages. */
import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { Settings } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { allActions } from '../actions/actions.ts';
import { Avatar } from '../avatar.tsx';
import { keysText } from '../keyboard/keys.ts';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { useEverybody, usePeople } from '../people/use-people.ts';
import { otherName } from '../people.ts';
import { alsoFoundBy, isThere, ROOM_TITLES, type RoomId, SETTINGS } from '../settings/setting-list.ts';
import { usePreferences } from '../use-preferences.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import type { Goal } from './goal.ts';
import { openGoals } from './open-goals.tsx';

const NO_ACCOUNTS: readonly AccountSummary[] = [];

export function useGoals(account: string): Goal[] {
  const { say, number } = useWords();
  const accounts = useKnown((state) => state.app?.accounts) ?? NO_ACCOUNTS;
  const conversations = useKnown((state) => state.conversations);
  const open = useKnown((state) => state.open);
  const ownServers = useKnown((state) => Boolean(state.app?.embedded));
  const facts = usePreferences((state) => state.known?.facts);
  const everybody = useEverybody(account);
  const { people } = useMatchbook();
  const own = usePeople((state) => state.own[account]);
  // Whether the server is this person's to lead is known to the server alone.
  useEffect(() => {
    if (own === undefined) void people.own(account);
  }, [people, account, own]);
  const admin = own?.admin === true;
  return useMemo(() => {
    const several = accounts.length > 1;
    const goals: Goal[] = [];
    const met = new Set<string>();
    for (const one of accounts)
      for (const row of conversations[one.account] ?? []) {
        goals.push(conversationGoal(row, one, several));
        const other = row.members.find(({ user }) => user !== one.user)?.user;
        if (one.account === account && row.form === 'direct' && other) met.add(other);
      }
    for (const person of everybody.values()) {
      if (met.has(person.user)) continue;
      goals.push({
        kind: 'person',
        key: `person/${account}/${person.user}`,
        name: person.name,
        note: say('switcher.person'),
        picture: <Avatar id={person.user} name={person.name} />,
        go: (store) =>
          void store.groups
            .direct(account, person.user)
            .then((answer) =>
              answer.ok ? store.navigation.open(answer.value) : store.told(Promise.resolve(answer)),
            ),
      });
    }
    for (const action of allActions())
      goals.push({
        kind: 'action',
        key: `action/${action.id}`,
        name: say(action.title),
        ...(action.also ? { words: say(action.also) } : {}),
        note: action.shortcut ? keysText(action.shortcut) : '',
        picture: <action.icon size={18} aria-hidden="true" />,
        go: (store) => action.run(store, account),
      });
    // Behind what is taught to who has typed nothing.
    const owner = accounts.find((one) => one.account === open?.account);
    const shown = open && conversations[open.account]?.find(({ conv }) => conv === open.conv);
    if (owner && shown) goals.push(...openGoals(shown, nameOf(shown, owner), { say }));
    // A room that has a setting of its own name is found by that.
    const rooms = new Set<RoomId>(
      SETTINGS.flatMap(({ room, label }) => (label === ROOM_TITLES[room] ? [room] : [])),
    );
    for (const setting of SETTINGS) {
      const { id, room, label } = setting;
      if (!isThere(setting, { admin, ownServers, facts })) continue;
      if (!rooms.has(room)) {
        rooms.add(room);
        goals.push({
          kind: 'setting',
          key: `room/${room}`,
          name: say(ROOM_TITLES[room]),
          note: say('settings.title'),
          picture: <Settings size={18} aria-hidden="true" />,
          go: (store) => store.preferences.show(true, { room }),
        });
      }
      goals.push({
        kind: 'setting',
        key: `setting/${id}`,
        name: say(label),
        words: alsoFoundBy(setting, say),
        note: say('settings.title'),
        picture: <Settings size={18} aria-hidden="true" />,
        go: (store) => store.preferences.show(true, { room, setting: id }),
      });
    }
    return goals;

    /** By its server; by one's name there where another account is of a server that is called the same, and by its place where the name is the same too. */
    function whose(one: AccountSummary): string {
      const there = accounts.filter(({ serverName }) => serverName === one.serverName);
      if (there.length === 1) return one.serverName;
      const called = there.filter(({ name }) => name === one.name);
      return called.length === 1 ? one.name : `${one.name} (${number(accounts.indexOf(one) + 1)})`;
    }

    function nameOf(row: ConversationRow, one: AccountSummary): string {
      if (row.self) return say('app.selfTitle');
      return otherName(row, one.user, say) ?? say('app.someone');
    }

    function conversationGoal(row: ConversationRow, one: AccountSummary, named: boolean): Goal {
      const name = nameOf(row, one);
      const members = row.form === 'group' ? row.members.map((member) => member.name ?? '').join(' ') : '';
      return {
        kind: 'conversation',
        key: `conversation/${row.account}/${row.conv}`,
        name,
        ...(members ? { also: members } : {}),
        note: named
          ? whose(one)
          : row.form === 'group'
            ? say('group.members', { count: row.members.length })
            : '',
        picture: <ConversationAvatar row={row} user={one.user} />,
        go: (store) => store.navigation.open({ account: row.account, conv: row.conv }),
      };
    }
  }, [account, accounts, conversations, open, everybody, admin, say, number, ownServers, facts]);
}
