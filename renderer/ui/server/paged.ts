import { ADMIN_PAGE } from '@matchbook/protocol/bridge/admin';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';

/** The first pages of a list, as one answer: what was looked at is asked for again as a whole. */
export async function pages<T>(
  ask: (offset: number) => Promise<Outcome<T[]>>,
  count: number,
): Promise<Outcome<{ items: T[]; more: boolean }>> {
  const items: T[] = [];
  for (let page = 0; page < count; page++) {
    const answer = await ask(page * ADMIN_PAGE);
    if (!answer.ok) return answer;
    items.push(...answer.value);
    if (answer.value.length < ADMIN_PAGE) return { ok: true, value: { items, more: false } };
  }
  return { ok: true, value: { items, more: true } };
}
