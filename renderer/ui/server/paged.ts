import { ADMIN_PAGE, type AdminPage } from '@matchbook/protocol/bridge/admin';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';

/**
 * The first pages of a list, as one answer: what was looked at is asked for again as a whole.
 *
 * @param ask for what comes behind these
 */
export async function pages<T>(
  ask: (before: readonly T[]) => Promise<Outcome<AdminPage<T>>>,
  count: number,
): Promise<Outcome<AdminPage<T> & { more: boolean }>> {
  const all: AdminPage<T> = { items: [], names: {} };
  for (let page = 0; page < count; page++) {
    const answer = await ask(all.items);
    if (!answer.ok) return answer;
    const { items, names } = answer.value;
    all.items.push(...items);
    Object.assign(all.names, names);
    if (items.length < ADMIN_PAGE) return { ok: true, value: { ...all, more: false } };
  }
  return { ok: true, value: { ...all, more: true } };
}
