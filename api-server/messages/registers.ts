/** Registers of the log: one row a key, the last value wins, positions only climb (I9). */
import type { Register } from '@matchbook/protocol/entries';
import { excluded, insertMany } from '../db/bulk.ts';
import type { OwnRegisterRow, PositionRow, ProfileRow } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';
import type { AnyRegister } from './fitting.ts';

/** @param registers without fault, in log order */
export async function saveRegisters(
  trx: Trx,
  registers: readonly { seq: number; item: Register }[],
): Promise<void> {
  const positions = new Map<string, PositionRow>();
  const profiles = new Map<string, ProfileRow>();
  const owned = new Map<string, OwnRegisterRow>();
  for (const { seq, item } of registers) {
    if (item.reg === 'profile') profiles.set(item.user, { user: item.user, name: item.name, seq });
    else if (item.reg === 'delivered' || item.reg === 'read') {
      const { conv, user, reg: kind, n, m, time } = item;
      const key = `${conv} ${user} ${kind}`;
      if (n > (positions.get(key)?.n ?? 0)) positions.set(key, { conv, user, kind, n, m, time });
    } else {
      const { reg: kind, user, conv = '', target = '', of = '' } = item as AnyRegister;
      const row = {
        user,
        kind,
        conv,
        about: `${target}${of}`,
        value: JSON.stringify(item),
        ...{ amount: amountOf(item), seq },
      };
      owned.set(`${user} ${kind} ${conv} ${row.about}`, row);
    }
  }
  await insertMany(trx, 'profile', [...profiles.values()], (insert) =>
    insert.onConflict((conflict) =>
      conflict
        .column('user')
        .doUpdateSet({ name: excluded('name'), seq: excluded('seq') })
        .whereRef('profile.seq', '<', excluded('seq')),
    ),
  );
  await insertMany(trx, 'position', [...positions.values()], (insert) =>
    insert.onConflict((conflict) =>
      conflict
        .columns(['conv', 'user', 'kind'])
        .doUpdateSet({ n: excluded('n'), m: excluded('m'), time: excluded('time') })
        .whereRef('position.n', '<', excluded('n')),
    ),
  );
  await insertMany(trx, 'ownRegister', [...owned.values()], (insert) =>
    insert.onConflict((conflict) =>
      conflict
        .columns(['user', 'kind', 'conv', 'about'])
        .doUpdateSet({ value: excluded('value'), amount: excluded('amount'), seq: excluded('seq') })
        .whereRef('ownRegister.seq', '<', excluded('seq')),
    ),
  );
}

const amountOf = (item: object): number | null =>
  'value' in item && Number.isSafeInteger(item.value) ? Number(item.value) : null;
