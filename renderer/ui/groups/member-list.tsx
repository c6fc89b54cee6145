import type { GroupFacts } from '@matchbook/protocol/bridge/people';
import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import type { Role } from '@matchbook/protocol/entries';
import { Crown, MessageSquare, MoreHorizontal, Shield, User, UserMinus, UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { Confirm } from '../base/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { foldedName } from '../people/folded-name.ts';
import { useClosed } from '../people/use-closed.ts';
import { useEverybody } from '../people/use-people.ts';
import { useMatchbook } from '../use-store.ts';
import { AddPeopleDialog } from './add-people-dialog.tsx';
import { ChangeLine } from './change-line.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { inOrder, isLastOwner, mayDo, type ShownMember, shownMembers } from './members.ts';

/** With more members than this they can be looked for. */
const FEW = 10;
/** Rows that are drawn; the others are found by typing. */
const SHOWN = 200;
const ROLE_ICONS = { owner: Crown, admin: Shield, member: User } as const;

/** Who is in the group, with their part, and what one may do about it. */
export function MemberList(props: {
  account: AccountSummary;
  row: ConversationRow;
  facts: GroupFacts;
  name: string;
}) {
  const { account, row, facts } = props;
  const { say, compare } = useWords();
  const everybody = useEverybody(account.account);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<ShownMember | null>(null);
  const [query, setQuery] = useState('');
  const store = useMatchbook();
  const address = { account: row.account, conv: row.conv };
  const members = useMemo(
    () => inOrder(shownMembers(facts.members, row.changes ?? [], everybody), compare),
    [facts.members, row.changes, everybody, compare],
  );
  const nameOf = ({ user, name }: { user: string; name: string | null }) =>
    user === account.user ? account.name : (name ?? say('app.someone'));
  const wanted = foldedName(query.trim());
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are found by the words and the account that stand there
  const found = useMemo(
    () => members.filter((member) => foldedName(nameOf(member)).includes(wanted)),
    [members, wanted, account, say],
  );
  const asked = useMemo(
    () => found.slice(0, SHOWN).flatMap(({ user }) => (user === account.user ? [] : [user])),
    [found, account.user],
  );
  const closed = useClosed(account.account, asked, true);
  const present = useMemo(() => new Set(members.map(({ user }) => user)), [members]);
  const steward = row.member && row.role !== 'member';
  return (
    <section className="members" aria-label={say('group.membersTitle')}>
      {steward && (
        <button
          type="button"
          className="button wide"
          data-testid="members-add"
          onClick={() => setAdding(true)}
        >
          <UserPlus size={16} aria-hidden="true" />
          {say('group.add')}
        </button>
      )}
      {members.length > FEW && (
        <input
          type="search"
          aria-label={say('group.find')}
          placeholder={say('group.find')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      )}
      <ul>
        {found.slice(0, SHOWN).map((member) => (
          <li key={member.user} className="member" data-testid="member" data-user={member.user}>
            <button
              type="button"
              className="member-who"
              onClick={() => store.panels.card({ account: account.account, user: member.user })}
            >
              <Avatar id={member.user} name={nameOf(member)} />
              <span className="member-words">
                <bdi>
                  {member.user === account.user ? say('group.you', { name: nameOf(member) }) : nameOf(member)}
                </bdi>
                <MemberNote member={member} closed={closed.has(member.user)} />
              </span>
            </button>
            {member.user !== account.user && (
              <MemberMenu
                account={account.account}
                conv={row.conv}
                own={row.member ? row.role : 'member'}
                member={member}
                name={nameOf(member)}
                onRemove={() => setRemoving(member)}
              />
            )}
            {member.change?.pending.delivery === 'failed' && (
              <ChangeLine
                account={account.account}
                change={member.change.pending}
                waiting={`group.pending.${member.change.what}`}
                failed={`group.failed.${member.change.what}`}
              />
            )}
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p className="fine">{say('person.more', { count: found.length - SHOWN })}</p>}
      {adding && (
        <AddPeopleDialog
          address={address}
          name={props.name}
          present={present}
          onClose={() => setAdding(false)}
        />
      )}
      <Confirm
        open={removing !== null}
        title={say('group.removeTitle', { name: removing ? nameOf(removing) : '' })}
        description={say('group.removeLead')}
        action={say('group.remove')}
        dangerous
        testId="confirm-remove"
        onCancel={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) void store.told(store.groups.remove(address, removing.user));
          setRemoving(null);
        }}
      />
    </section>
  );
}

function MemberNote({ member, closed }: { member: ShownMember; closed: boolean }) {
  const { say } = useWords();
  const { change, role } = member;
  const words: string[] = [];
  if (closed) words.push(say('group.closed'));
  if (role !== 'member') words.push(say(`group.role.${role}`));
  if (change && change.pending.delivery !== 'failed') words.push(say(`group.pending.${change.what}`));
  return words.length > 0 ? <small data-testid="member-note">{words.join(' · ')}</small> : null;
}

function MemberMenu(props: {
  account: string;
  conv: string;
  own: Role;
  member: ShownMember;
  name: string;
  onRemove: () => void;
}) {
  const { account, conv, own, member } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const may = mayDo(own, member.role);
  const busy = member.change !== null && member.change.pending.delivery !== 'failed';
  const roles = (['owner', 'admin', 'member'] as const).filter((role) => role !== member.role);
  const WORDS = { owner: 'group.makeOwner', admin: 'group.makeAdmin', member: 'group.makeMember' } as const;
  const write = async () => {
    const answer = await store.groups.direct(account, member.user);
    if (answer.ok) store.navigation.open(answer.value);
    else await store.told(Promise.resolve(answer));
  };
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="button icon quiet small"
          data-testid="member-menu"
          aria-label={say('group.menu', { name: props.name })}
        >
          <MoreHorizontal size={16} aria-hidden="true" />
        </button>
      }
    >
      <MenuItem icon={<MessageSquare size={14} />} testId="member-write" onSelect={() => void write()}>
        {say('card.write')}
      </MenuItem>
      {may.role &&
        roles.map((role) => {
          const Icon = ROLE_ICONS[role];
          return (
            <MenuItem
              key={role}
              icon={<Icon size={14} />}
              disabled={busy}
              testId={`member-role-${role}`}
              onSelect={() => void store.told(store.groups.setRole({ account, conv }, member.user, role))}
            >
              {say(WORDS[role])}
            </MenuItem>
          );
        })}
      {may.remove && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={<UserMinus size={14} />}
            dangerous
            disabled={busy}
            testId="member-remove"
            onSelect={props.onRemove}
          >
            {say('group.remove')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

/** Leaving, with what stands in its way said beforehand. */
export function LeaveGroup(props: { account: AccountSummary; row: ConversationRow; facts: GroupFacts }) {
  const { account, row, facts } = props;
  const { say } = useWords();
  const [asking, setAsking] = useState(false);
  const last = isLastOwner(facts.members, account.user);
  const leaving = (row.changes ?? []).some(({ append }) => append.kind === 'member_leave');
  return (
    <>
      <button
        type="button"
        className="button wide leave"
        data-testid="group-leave"
        disabled={last || leaving}
        aria-describedby={last ? 'leave-why' : undefined}
        onClick={() => setAsking(true)}
      >
        {say('group.leave')}
      </button>
      {last && (
        <p className="fine" id="leave-why" data-testid="last-owner">
          {say('group.lastOwner')}
        </p>
      )}
      {asking && <LeaveDialog address={row} onClose={() => setAsking(false)} />}
    </>
  );
}
