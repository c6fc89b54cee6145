/** A profile whose history holds as many messages as asked for, written by the store's own worker as a server's pages would have it. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import { type LocalStore, openLocalStore, type StoreThread } from '../../main/local-store/local-store.ts';
import { ROOT } from '../../scripts/project.mjs';

const PAGE = 200;
const WORDS =
  'and the old path along the cliffs at half past nine we meet for a walk with tea from the thermos before the ferry leaves again'.split(
    ' ',
  );

export interface FullHistory {
  /** User data folder of an app that is not running. */
  profile: string;
  identity: { account: string; user: string; device: string };
  /** Messages, by conversation. */
  conversations: ReadonlyMap<string, number>;
}

export async function fillHistory({ profile, identity, conversations }: FullHistory): Promise<void> {
  const store = openLocalStore({
    directory: join(profile, 'accounts'),
    spawn: () => new Worker(join(ROOT, 'out', 'main', 'local-store-worker.js')) as StoreThread,
    patience: 10 * 60_000,
  });
  await store.openAccount(identity);
  for (const [conv, messages] of conversations) await fill(store, identity, conv, messages);
  await store.close();
}

async function fill(
  store: LocalStore,
  { account, user }: FullHistory['identity'],
  conv: string,
  messages: number,
): Promise<void> {
  const peer = `peer-of-${conv}`;
  let h: string | null = null;
  for (let from = 1; from <= messages + 1; from += PAGE) {
    const to = Math.min(from + PAGE - 1, messages + 1);
    const items: object[] = [];
    for (let n = from; n <= to; n++) {
      const id = `${conv}-${n}`;
      const content =
        n === 1
          ? { kind: 'create' as const, form: 'direct' as const, members: [user, peer] }
          : { kind: 'message' as const, body: { type: 'text/plain', text: sentence(n) } };
      h = chainLink(h, id, content.kind, contentHash(conv, content));
      items.push({
        ...{ ...content, conv, n, m: n - 1, h, id },
        ...{ sender: n === 1 || n % 3 === 0 ? user : peer, time: 1_700_000_000_000 + n * 60_000 },
      });
    }
    const raw = new TextEncoder().encode(JSON.stringify({ t: 'page', ref: 1, conv, from, to, items }));
    await store.storeFrame({ account, raw });
  }
}

function sentence(n: number): string {
  const words: string[] = [];
  for (let i = 0; i < 5 + (n % 11); i++) words.push(WORDS[(n * 7 + i * (1 + (n % 5))) % WORDS.length]!);
  return `${words.join(' ')} ${n}`;
}
