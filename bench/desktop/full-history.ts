/** A profile whose history holds as many messages as asked for, written by the store's own worker as a server's pages or its stream would have it. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import { encodeCursor } from '@matchbook/protocol/cursor';
import { bodyOf, type FileReference } from '@matchbook/protocol/message-body';
import { type LocalStore, openLocalStore, type StoreThread } from '../../main/local-store/local-store.ts';
import { ROOT } from '../../scripts/project.mjs';

const PAGE = 200;
const AT_ONCE = 8;
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
  /** As a stream: indexed at once. Pages are indexed later. */
  stream?: boolean;
  /** Every eighth message shows one of them, in turn. */
  pictures?: readonly FileReference[];
}

/** Of so many messages one has a picture. */
const PICTURED = 8;

export const storeOf = (profile: string): LocalStore =>
  openLocalStore({
    directory: join(profile, 'accounts'),
    spawn: () => new Worker(join(ROOT, 'out', 'main', 'local-store-worker.cjs')) as StoreThread,
    patience: 10 * 60_000,
  });

export async function fillHistory(history: FullHistory): Promise<void> {
  const store = storeOf(history.profile);
  await store.openAccount(history.identity);
  for (const [conv, messages] of history.conversations) await fill(store, history, conv, messages);
  await store.close();
}

async function fill(
  store: LocalStore,
  { identity: { account, user }, stream = false, pictures = [] }: FullHistory,
  conv: string,
  messages: number,
): Promise<void> {
  const peer = `peer-of-${conv}`;
  let h: string | null = null;
  let raws: Uint8Array[] = [];
  for (let from = 1; from <= messages + 1; from += PAGE) {
    const to = Math.min(from + PAGE - 1, messages + 1);
    const items: object[] = [];
    for (let n = from; n <= to; n++) {
      const id = `${conv}-${n}`;
      const content =
        n === 1
          ? { kind: 'create' as const, form: 'direct' as const, members: [user, peer] }
          : { kind: 'message' as const, body: bodyOf({ text: sentence(n), ...shownAt(n, pictures) }) };
      h = chainLink(h, id, content.kind, contentHash(conv, content));
      items.push({
        ...{ ...content, conv, n, m: n - 1, h, id },
        ...{ sender: n === 1 || n % 3 === 0 ? user : peer, time: 1_700_000_000_000 + n * 60_000 },
      });
    }
    const frame = stream
      ? {
          t: 'entries',
          items,
          upTo: encodeCursor({ epoch: '00'.repeat(8), seq: to, running: '00'.repeat(8) }),
        }
      : { t: 'page', ref: 1, conv, from, to, items };
    raws.push(new TextEncoder().encode(JSON.stringify(frame)));
    if (raws.length < AT_ONCE && to <= messages) continue;
    await store.storeFrames({ account, raws });
    raws = [];
  }
}

const shownAt = (n: number, pictures: readonly FileReference[]) =>
  n % PICTURED === 0 && pictures.length > 0 ? { files: [pictures[(n / PICTURED) % pictures.length]!] } : {};

function sentence(n: number): string {
  const words: string[] = [];
  for (let i = 0; i < 5 + (n % 11); i++) words.push(WORDS[(n * 7 + i * (1 + (n % 5))) % WORDS.length]!);
  return `${words.join(' ')} ${n}`;
}
