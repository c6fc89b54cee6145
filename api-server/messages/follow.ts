/** What entries change besides being there: who is a member, and what was erased. */
import type { FullEntry } from '@matchbook/protocol/entries';
import { insertMany } from '../db/bulk.ts';
import type { MemberRow } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';

/** @param saved in log order, all of them in their rows by now */
export async function follow(trx: Trx, saved: readonly FullEntry[]): Promise<void> {
  for (const item of saved) await followOne(trx, item);
}

async function followOne(trx: Trx, item: FullEntry): Promise<void> {
  const { conv, n, m } = item;
  switch (item.kind) {
    case 'create': {
      const group = item.form === 'group';
      const role = (user: string) => (group && user === item.sender ? 'owner' : 'member');
      return await admit(trx, { conv, fromN: n, fromM: m }, item.members, role);
    }
    case 'member_add':
      return await admit(trx, { conv, fromN: n, fromM: m }, item.users, () => 'member');
    case 'member_remove':
    case 'member_leave':
      // The entry that says so is the last one that they may see.
      await trx
        .updateTable('member')
        .set({ untilN: n + 1, untilM: m })
        .where('conv', '=', conv)
        .where('user', '=', item.kind === 'member_leave' ? item.sender : item.user)
        .where('untilN', 'is', null)
        .execute();
      return;
    case 'member_role':
      await trx
        .updateTable('member')
        .set({ role: item.role })
        .where('conv', '=', conv)
        .where('user', '=', item.user)
        .where('untilN', 'is', null)
        .execute();
      return;
    case 'delete':
      await trx
        .updateTable('entry')
        .set({ bodyType: null, bodyText: null, bodyData: null })
        .where('conv', '=', conv)
        .where((where) =>
          where.or([
            where('n', '=', item.target),
            where.and([where('target', '=', item.target), where('kind', '=', 'edit')]),
          ]),
        )
        .execute();
  }
}

async function admit(
  trx: Trx,
  since: Pick<MemberRow, 'conv' | 'fromN' | 'fromM'>,
  users: readonly string[],
  role: (user: string) => MemberRow['role'],
): Promise<void> {
  const rows = [...new Set(users)].map((user) => ({
    ...since,
    ...{ user, untilN: null, untilM: null, role: role(user) },
  }));
  await insertMany(trx, 'member', rows, (insert) => insert.onConflict((conflict) => conflict.doNothing()));
}
