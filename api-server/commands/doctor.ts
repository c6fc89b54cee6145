/** How an API server and its surroundings are, and what to do about it. One line a fact; `!` where something wants attention. */
import { accessSync, constants, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openStore } from '../db/open.ts';
import type { Database } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { serverId } from '../files/bucket.ts';
import { blobStoreOf } from '../files/open.ts';
import { deadLetterCount } from '../messages/dead-letters.ts';

/** Below this, a disk is nearly full, bytes. */
const ROOM = 500_000_000;
/** Clocks of the two servers may differ by this, ms: the leeway of tokens. */
const LEEWAY = 60_000;
const RELAY_LIMIT = 3_000;
/** What waits longer for the relay wants attention, ms. */
const WAITING = 10 * 60_000;

export async function diagnose(
  config: Config,
  log: Logger,
  now: () => number,
): Promise<{ lines: string[]; healthy: boolean }> {
  const lines: string[] = [];
  let healthy = true;
  const say = (what: string, value: string, advice?: string | false) => {
    if (advice) healthy = false;
    lines.push(`${advice ? '!' : ' '} ${what.padEnd(16)} ${value}${advice ? `: ${advice}` : ''}`);
  };
  for (const [what, folder] of [
    ['data folder', config.dataDir],
    ['files', config.filesDir],
  ] as const)
    say(what, ...folderState(folder));
  const keys = join(config.dataDir, 'keys.json');
  const open = existsSync(keys) && process.platform !== 'win32' && (statSync(keys).mode & 0o077) !== 0;
  say(
    'keys',
    existsSync(keys) ? keys : 'none yet, made at the first start',
    open && 'others can read them; chmod 600',
  );
  let id: string | null = null;
  try {
    const store = await openStore(config, log);
    try {
      say(
        'database',
        config.databaseUrl === null ? 'SQLite, durable commits' : 'PostgreSQL, durable commits',
      );
      await inside(store, say, now());
      if (config.s3) id = await serverId(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    say('database', (error as Error).message, 'start it, or correct API_DATABASE_URL or API_DATA_DIR');
  }
  await fileStore(config, say, id);
  await relay(config, say, now);
  await images(say);
  return { lines, healthy };
}

type Say = (what: string, value: string, advice?: string | false) => void;

function folderState(folder: string): [string, string | false] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    return [
      `${folder}, ${Math.round(free / 1e6)} MB free`,
      free < ROOM && 'make room, or messages will not be saved',
    ];
  } catch (error) {
    return [folder, `${(error as Error).message}; make it writable`];
  }
}

async function inside(store: Store, say: Say, now: number): Promise<void> {
  const { db } = store;
  const one = async (query: ReturnType<typeof sql<{ value: number | null }>>) =>
    Number((await query.execute(db)).rows[0]?.value ?? 0);
  const progress = await db
    .selectFrom('progress')
    .selectAll()
    .orderBy('updatedAt', 'desc')
    .executeTakeFirst();
  say(
    'saved',
    progress
      ? `up to seq ${progress.seq} of epoch ${progress.epoch}, ${new Date(progress.updatedAt).toISOString()}`
      : 'nothing yet',
  );
  say('accounts', String(await one(sql`SELECT COUNT(*) AS value FROM account`)));
  const dead = await deadLetterCount(db);
  say('dead letters', String(dead), dead > 0 && 'an admin should look at them (GET /api/admin/dead-letters)');
  await files(db, say);
  const oldest = await one(sql`SELECT MIN("createdAt") AS value FROM outbound WHERE state = 'waiting'`);
  const waits = oldest > 0 ? now - oldest : 0;
  say(
    'for the relay',
    waits === 0 ? 'nothing waits' : `waits for ${Math.round(waits / 1_000)} s`,
    waits > WAITING && 'is the relay reachable, and the service secret the same?',
  );
  const pending = await one(sql`SELECT COUNT(*) AS value FROM "searchPending"`);
  say('search', pending === 0 ? 'everything is indexed' : `${pending} messages are not indexed yet`);
}

/** What the last check of stored files found. */
async function files(db: Kysely<Database>, say: Say): Promise<void> {
  const check = await db.selectFrom('scrub').selectAll().executeTakeFirst();
  const { count } = await db
    .selectFrom('fileFault')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const when =
    check === undefined
      ? 'never checked'
      : check.finishedAt === null
        ? `being checked, ${check.files} so far`
        : `${check.files} checked until ${new Date(check.finishedAt).toISOString()}`;
  say(
    'stored files',
    `${when}, ${count} missing or damaged`,
    Number(count) > 0 && 'api-server verify names them; put them back from a backup, or have them sent again',
  );
}

/** Whether the store lets this server in. */
async function fileStore(config: Config, say: Say, id: string | null): Promise<void> {
  if (!config.s3) return;
  try {
    const blobs = blobStoreOf(config);
    await blobs.has('0'.repeat(64));
    const owner = await blobs.marker!.read();
    const other = owner !== null && owner !== id && 'give this one a bucket of its own, or see take-bucket';
    say(
      'file store',
      `${config.s3.endpoint}/${config.s3.bucket} answers`,
      other && `it is another server's; ${other}`,
    );
  } catch (error) {
    say('file store', (error as Error).message, 'files cannot be read or taken; what comes waits');
  }
}

async function relay({ relayUrl, serviceSecret }: Config, say: Say, now: () => number): Promise<void> {
  try {
    const asked = now();
    const response = await fetch(`${relayUrl}/health-check`, { signal: AbortSignal.timeout(RELAY_LIMIT) });
    const { time } = (await response.json()) as { time?: unknown };
    say(
      'relay',
      `${relayUrl} answers ${response.status}`,
      response.status !== 200 && 'look at its own doctor',
    );
    const theirs = typeof time === 'number' ? time : Date.parse(String(time));
    const off = Number.isNaN(theirs) ? 0 : Math.abs(theirs - asked);
    say(
      'clocks',
      `${Math.round(off / 1_000)} s apart`,
      off > LEEWAY && 'tokens are refused; set the clocks by NTP',
    );
    const refused = await fetch(`${relayUrl}/internal/append`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceSecret}`, 'content-type': 'application/json' },
      body: '{"items":[]}',
      signal: AbortSignal.timeout(RELAY_LIMIT),
    });
    await refused.arrayBuffer();
    const wrong = refused.status === 401 || refused.status === 403;
    say(
      'service secret',
      wrong ? 'not the relay’s' : 'the relay’s',
      wrong && 'give both servers the same, and let this one reach the relay privately',
    );
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    say(
      'relay',
      `${relayUrl} ${cause?.code ?? message}`,
      'start it, or correct API_RELAY_URL; what it should append waits',
    );
  }
}

async function images(say: Say): Promise<void> {
  const there = await import('sharp').then(
    () => true,
    () => false,
  );
  say(
    'images',
    there ? 'get smaller ones' : 'get no smaller ones',
    !there && 'install sharp for this platform',
  );
}
