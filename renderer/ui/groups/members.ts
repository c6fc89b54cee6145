/** Who is in a group as it is shown: what the log told, and what waits to change. */
import type { GroupMember, KnownPerson } from '@matchbook/protocol/bridge/people';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import type { Role } from '@matchbook/protocol/entries';

export interface ShownMember extends GroupMember {
  /** What waits about them, or was refused; the newest. */
  change: { what: 'add' | 'remove' | 'role'; pending: PendingChange } | null;
}

export function shownMembers(
  members: readonly GroupMember[],
  changes: readonly PendingChange[],
  people: ReadonlyMap<string, KnownPerson>,
): ShownMember[] {
  const shown = new Map<string, ShownMember>(
    members.map((member) => [member.user, { ...member, change: null }]),
  );
  for (const pending of changes) {
    const { append } = pending;
    if (append.kind === 'member_add')
      for (const user of append.users) {
        // Somebody else added them meanwhile.
        if (shown.has(user)) continue;
        const { name = null, avatar = null } = people.get(user) ?? {};
        shown.set(user, { user, name, avatar, role: 'member', change: { what: 'add', pending } });
      }
    const member = 'user' in append ? shown.get(append.user) : undefined;
    if (!member) continue;
    if (append.kind === 'member_remove') member.change = { what: 'remove', pending };
    else if (append.kind === 'member_role') {
      member.change = { what: 'role', pending };
      if (pending.delivery !== 'failed') member.role = append.role;
    }
  }
  return [...shown.values()];
}

const RANK: Record<Role, number> = { owner: 0, admin: 1, member: 2 };

/** Owners, admins, members; each by name, as the person's language sorts, and who has none yet last. */
export const inOrder = (members: ShownMember[], compare: (a: string, b: string) => number): ShownMember[] =>
  members.sort(
    (a, b) =>
      RANK[a.role] - RANK[b.role] ||
      Number(a.name === null) - Number(b.name === null) ||
      compare(a.name ?? '', b.name ?? ''),
  );

/** What one may do with somebody, by the rules that the log has. */
export function mayDo(own: Role, other: Role): { remove: boolean; role: boolean } {
  return { remove: own === 'owner' || (own === 'admin' && other === 'member'), role: own === 'owner' };
}

/** Roles that the log has: what waits does not count before it is there. */
export const isLastOwner = (members: readonly GroupMember[], user: string): boolean =>
  members.length > 1 &&
  members.find((member) => member.user === user)?.role === 'owner' &&
  members.every((member) => member.user === user || member.role !== 'owner');
