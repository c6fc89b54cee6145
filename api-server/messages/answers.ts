/** Which messages answer which: kept beside them, so that a thread is one walk along an index however long its conversation is. */
import type { FullEntry } from '@matchbook/protocol/entries';
import { readContent } from '@matchbook/protocol/message-body';
import { sql } from 'kysely';
import { insertMany, pieces } from '../db/bulk.ts';
import type { AnswerRow } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';

/** @param saved in log order */
export async function noteAnswers(trx: Trx, saved: readonly FullEntry[]): Promise<void> {
  const byConversation = new Map<string, Omit<AnswerRow, 'root'>[]>();
  for (const item of saved) {
    const { conv, n } = item;
    const reply = item.kind === 'message' && item.body ? readContent(item.body)?.reply : undefined;
    // What is answered came before: whatever else a client says is no thread.
    if (reply === undefined || reply >= n) continue;
    byConversation.set(conv, [...(byConversation.get(conv) ?? []), { conv, n, reply }]);
  }
  for (const [conv, answers] of byConversation) await noteIn(trx, conv, answers);
  for (const item of saved)
    if (item.kind === 'delete')
      await trx.deleteFrom('answer').where('conv', '=', item.conv).where('n', '=', item.target).execute();
}

async function noteIn(trx: Trx, conv: string, answers: readonly Omit<AnswerRow, 'root'>[]): Promise<void> {
  const roots = new Map<number, number>();
  for (const piece of pieces([...new Set(answers.map(({ reply }) => reply))])) {
    const above = trx.selectFrom('answer').select(['n', 'root']).where('conv', '=', conv);
    for (const { n, root } of await above.where('n', 'in', piece).execute()) roots.set(n, root);
  }
  const rows = answers.map(({ n, reply }): AnswerRow => {
    const root = roots.get(reply) ?? reply;
    roots.set(n, root);
    return { conv, n, reply, root };
  });
  await insertMany(trx, 'answer', rows, (insert) => insert.onConflict((conflict) => conflict.doNothing()));
  // One that is saved late, as an admin let it be tried again: what answers it is there already.
  for (const piece of pieces(rows.map(({ n }) => n)))
    await sql`
      UPDATE answer SET root = (SELECT above.root FROM answer AS above WHERE above.conv = ${conv} AND above.n = answer.root)
      WHERE conv = ${conv} AND root IN (${sql.join(piece)})`.execute(trx);
}
