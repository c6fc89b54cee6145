import type { GroupFacts } from '@matchbook/protocol/bridge/people';
import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Tabs } from '../base/tabs.tsx';
import { useEscape } from '../keyboard/use-escape.ts';
import { PersonCard } from '../people/person-card.tsx';
import { usePeople } from '../people/use-people.ts';
import { otherName } from '../people.ts';
import { useMatchbook } from '../use-store.ts';
import { GroupHead } from './group-head.tsx';
import { INFO_BUTTON } from './info-button.ts';
import { Invitations } from './invitations.tsx';
import { LeaveGroup, MemberList } from './member-list.tsx';
import { SharedThings } from './shared-things.tsx';

/** What was shared, by the name of its tab. */
const SHARED = { media: 'media', files: 'other', sounds: 'sound', links: 'link' } as const;
type Tab = 'members' | 'invites' | keyof typeof SHARED;

/** About the conversation that is shown: a column beside it, or in its place where there is no room. */
export default function InfoPane({ account, row }: { account: AccountSummary; row: ConversationRow }) {
  const store = useMatchbook();
  const { say } = useWords();
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  const leave = () => {
    store.panels.closeInfo();
    document.getElementById(INFO_BUTTON)?.focus();
  };
  useEscape(true, leave);
  const name = row.self ? say('app.selfTitle') : (otherName(row, account.user, say) ?? say('app.someone'));
  return (
    <aside className="info" aria-label={say('info.label', { name })} data-testid="info">
      <header className="info-head">
        <h2>{say('info.open')}</h2>
        <button
          ref={close}
          type="button"
          className="button icon quiet"
          aria-label={say('info.close')}
          data-testid="info-close"
          onClick={leave}
        >
          <X size={18} aria-hidden="true" />
        </button>
      </header>
      <div className="info-body">
        <InfoContent key={`${row.account}/${row.conv}`} account={account} row={row} name={name} />
      </div>
    </aside>
  );
}

function InfoContent({
  account,
  row,
  name,
}: {
  account: AccountSummary;
  row: ConversationRow;
  name: string;
}) {
  const { say } = useWords();
  const group = row.form === 'group';
  const [tab, setTab] = useState<Tab>(group ? 'members' : 'media');
  const facts = useGroupFacts(row);
  const people = usePeople((state) => state.known[row.account]);
  const names = useMemo(() => new Map(row.members.map((one) => [one.user, one.name])), [row.members]);
  const nameOf = useCallback(
    (user: string) =>
      user === account.user
        ? account.name
        : (names.get(user) ?? people?.get(user)?.name ?? say('app.someone')),
    [account, names, people, say],
  );
  const steward = group && row.member && row.role !== 'member';
  const address = useMemo(() => ({ account: row.account, conv: row.conv }), [row.account, row.conv]);
  const other = row.members.find((member) => member.user !== account.user)?.user;
  const tabs: { value: Tab; label: string; testId: string }[] = [
    ...(group ? [{ value: 'members' as const, label: say('info.members'), testId: 'info-members' }] : []),
    ...(steward ? [{ value: 'invites' as const, label: say('invites.title'), testId: 'info-invites' }] : []),
    ...(['media', 'files', 'sounds', 'links'] as const).map((value) => ({
      ...{ value, label: say(`info.${value}`), testId: `info-${value}` },
    })),
  ];
  return (
    <>
      {group && facts && <GroupHead account={account} row={row} facts={facts} name={name} />}
      {!group && !row.self && other && <PersonCard account={row.account} user={other} inPane />}
      {group && !row.member && (
        <p className="fine" role="status">
          {say('group.left')}
        </p>
      )}
      <Tabs
        value={tabs.some(({ value }) => value === tab) ? tab : tabs[0]!.value}
        onChange={setTab}
        label={say('info.tabs')}
        tabs={tabs}
      >
        {tab === 'members' && facts && (
          <>
            <MemberList account={account} row={row} facts={facts} name={name} />
            {row.member && <LeaveGroup account={account} row={row} facts={facts} />}
          </>
        )}
        {tab === 'invites' && <Invitations account={row.account} conv={row.conv} />}
        {tab !== 'members' && tab !== 'invites' && (
          <SharedThings address={address} what={SHARED[tab]} nameOf={nameOf} />
        )}
      </Tabs>
    </>
  );
}

/** Asked for again when anything of the conversation's row changed. */
function useGroupFacts(row: ConversationRow): GroupFacts | null {
  const store = useMatchbook();
  const { account, conv, form, headN, changes, members } = row;
  const [facts, setFacts] = useState<GroupFacts | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes in the row is why it is asked again
  useEffect(() => {
    if (form !== 'group') return;
    let current = true;
    void store.groups.facts({ account, conv }).then((answer) => {
      if (current && answer.ok) setFacts(answer.value);
    });
    return () => {
      current = false;
    };
  }, [store, account, conv, form, headN, changes, members]);
  return facts;
}
