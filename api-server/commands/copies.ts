/**
 * Backups: a folder with the database as a SQLite file (whatever the server runs on), the keys, and the files. One that was made is proved by restoring it into a scratch store. Holds private
 * keys and everything that people wrote: nobody but its owner reads it.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { alone } from '../db/alone.ts';
import { copyStore, differences, type Sums, sumsOf } from '../db/copy.ts';
import { Held } from '../db/folder-lock.ts';
import { openStore } from '../db/open.ts';
import { openSqlite } from '../db/sqlite.ts';
import type { Store } from '../db/store.ts';
import { type BlobStore, thumbnailOf } from '../files/blob-store.ts';
import { claim, renewId, serverId } from '../files/bucket.ts';
import { blobStoreOf } from '../files/open.ts';

/** A command could not do what it was asked, and changed nothing that was there. */
export class CommandError extends Error {}

const MANIFEST = 'manifest.json';
const KEYS = 'keys.json';

interface Manifest {
  format: 1;
  createdAt: string;
  sums: Sums;
  /** Whether the bytes of files are in it. */
  files: boolean;
}

/** Copies everything as it is at one moment, also while the server runs. */
export async function backup(
  config: Config,
  target: string,
  log: Logger,
  withFiles = true,
): Promise<string[]> {
  if (existsSync(target))
    throw new CommandError(`${target} is there already; a backup never replaces anything.`);
  mkdirSync(target, { mode: 0o700 });
  try {
    const store = await openStore(config, log);
    const copy = openSqlite(target);
    try {
      const sums = await copyStore(store, copy);
      const keys = join(config.dataDir, KEYS);
      if (existsSync(keys)) writeFileSync(join(target, KEYS), readFileSync(keys), { mode: 0o600 });
      const blobs = withFiles ? await copyFiles(copy, blobStoreOf(config), target) : 0;
      const manifest: Manifest = { format: 1, createdAt: new Date().toISOString(), sums, files: withFiles };
      writeFileSync(join(target, MANIFEST), JSON.stringify(manifest, null, 2), { mode: 0o600 });
      return [`${sums.entry.rows} entries, ${sums.account.rows} accounts, ${blobs} files are in ${target}.`];
    } finally {
      await copy.close();
      await store.close();
    }
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
}

/** Restores it into a scratch store and compares, table by table; reads every file to its end. */
export async function verify(source: string): Promise<string[]> {
  const manifest = manifestOf(source);
  const scratch = mkdtempSync(join(tmpdir(), 'matchbook-verify-'));
  try {
    const copy = openSqlite(source);
    const restored = openSqlite(scratch);
    try {
      await copyStore(copy, restored);
      const faults = [
        ...differences(manifest.sums, await sumsOf(restored)),
        ...(manifest.files ? await fileFaults(copy, source) : []),
        ...(existsSync(join(source, KEYS))
          ? []
          : ['keys.json is missing: everybody would have to sign in again']),
      ];
      if (faults.length > 0)
        throw new CommandError(`${source} does not hold: ${faults.slice(0, 5).join('; ')}`);
      return [
        `${manifest.sums.entry.rows} entries, ${manifest.sums.file.rows} files: restored into a scratch store, all the same.`,
      ];
    } finally {
      await restored.close();
      await copy.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Fills an empty server, which nobody else runs meanwhile. What is in the backup is read and compared before anything is written. */
export async function restore(
  config: Config,
  source: string,
  log: Logger,
  takeBucket = false,
): Promise<string[]> {
  const manifest = manifestOf(source);
  const keys = join(config.dataDir, KEYS);
  if (existsSync(keys))
    throw new CommandError(`${keys} is there already: restore into an empty data folder.`);
  const lock = await stopped(config, log);
  try {
    return await fill(config, { source, manifest, keys, log, takeBucket });
  } finally {
    await lock.close();
  }
}

async function fill(
  config: Config,
  {
    source,
    manifest,
    keys,
    log,
    takeBucket,
  }: { source: string; manifest: Manifest; keys: string; log: Logger; takeBucket: boolean },
): Promise<string[]> {
  const from = openSqlite(source);
  const wrong = [
    ...differences(manifest.sums, await sumsOf(from)),
    ...(manifest.files ? await fileFaults(from, source) : []),
  ];
  if (wrong.length > 0) {
    await from.close();
    throw new CommandError(`${source} does not hold: ${wrong.slice(0, 5).join('; ')}`);
  }
  const to = await openStore(config, log);
  const blobs = blobStoreOf(config);
  try {
    if (!takeBucket && (await blobs.marker?.read())) throw new CommandError(BUCKET_TAKEN);
    await copyStore(from, to);
    if (existsSync(join(source, KEYS)))
      writeFileSync(keys, readFileSync(join(source, KEYS)), { mode: 0o600 });
    if (manifest.files) await restoreFiles(from, source, blobs);
    const faults = differences(manifest.sums, await sumsOf(to));
    if (faults.length > 0) throw new CommandError(`What was restored is not the same: ${faults.join('; ')}`);
    // A copy of a server is another one, also to the bucket.
    if (blobs.marker) await to.write(renewId);
    await claim(to, blobs, { take: takeBucket });
    return [
      `Restored ${manifest.sums.entry.rows} entries of ${manifest.createdAt}. Words are indexed when the server starts.`,
    ];
  } catch (error) {
    if (!(error instanceof Error) || !/not empty/.test(error.message)) throw error;
    throw new CommandError(error.message);
  } finally {
    await to.close();
    await from.close();
  }
}

const BUCKET_TAKEN =
  'The bucket of API_S3_BUCKET is a server’s already. Restore into a bucket of its own, or, where that server is gone for good, add --take-bucket.';

/** From a server that is gone for good, or after a bucket was exchanged. */
export async function takeBucket(config: Config, log: Logger): Promise<string[]> {
  const blobs = blobStoreOf(config);
  if (!blobs.marker) throw new CommandError('Files are in a folder: there is no bucket (API_S3_ENDPOINT).');
  const store = await openStore(config, log);
  try {
    await claim(store, blobs, { take: true });
    return [`The bucket is this server's (${await serverId(store)}).`];
  } finally {
    await store.close();
  }
}

/** The place of a server, for a command that needs it for itself. */
const stopped = (config: Config, log: Logger) =>
  alone(config, { wait: 0, log }).catch((error: unknown) => {
    throw error instanceof Held ? new CommandError(`Stop the server first: ${error.message}`) : error;
  });

/** A grown embedded server to PostgreSQL, or back: every row, compared afterwards. The server must be stopped; its files and keys stay where they are. */
export async function migrateStore(
  config: Config,
  { from, to }: { from: string; to: string },
  log: Logger,
  say: (text: string) => void,
): Promise<string[]> {
  if (from === to || ![from, to].every((one) => one === 'sqlite' || one === 'postgres'))
    throw new CommandError('migrate-store --from sqlite --to postgres (or the other way round).');
  if (config.databaseUrl === null)
    throw new CommandError('API_DATABASE_URL: the PostgreSQL database, which is one end of the move.');
  const lock = await stopped(config, log);
  try {
    return await move(config.dataDir, config.databaseUrl, { from, to }, log, say);
  } finally {
    await lock.close();
  }
}

async function move(
  dataDir: string,
  databaseUrl: string,
  { from, to }: { from: string; to: string },
  log: Logger,
  say: (text: string) => void,
): Promise<string[]> {
  const sqlite = openSqlite(dataDir);
  const { openPostgres } = await import('../db/postgres.ts');
  const postgres = await openPostgres(databaseUrl, log);
  const [source, target]: [Store, Store] = from === 'sqlite' ? [sqlite, postgres] : [postgres, sqlite];
  try {
    const sums = await copyStore(source, target, say).catch((error: Error) => {
      throw /not empty/.test(error.message) ? new CommandError(error.message) : error;
    });
    const faults = differences(sums, await sumsOf(target));
    if (faults.length > 0) throw new CommandError(`The two do not hold the same: ${faults.join('; ')}`);
    const lines = [`Every row of ${from} is in ${to}, with the same content (${sums.entry.rows} entries).`];
    return [
      ...lines,
      to === 'postgres'
        ? 'Start the server with API_DATABASE_URL set; api.db is not used any more, and not deleted.'
        : 'Start the server without API_DATABASE_URL.',
    ];
  } finally {
    await sqlite.close();
    await postgres.close();
  }
}

function manifestOf(source: string): Manifest {
  const path = join(source, MANIFEST);
  if (!existsSync(path)) throw new CommandError(`${source} is no backup: there is no ${MANIFEST} in it.`);
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

async function* keysOf(store: Store): AsyncGenerator<{ key: string; hash: string | null }> {
  const rows = await store.db.selectFrom('file').select(['hash', 'thumbnail']).orderBy('hash').execute();
  for (const { hash, thumbnail } of rows) {
    yield { key: hash, hash };
    if (thumbnail === 1) yield { key: thumbnailOf(hash), hash: null };
  }
}

async function copyFiles(store: Store, blobs: BlobStore, target: string): Promise<number> {
  mkdirSync(join(target, 'files'), { mode: 0o700 });
  let count = 0;
  for await (const { key, hash } of keysOf(store)) {
    await pipeline(await blobs.read(key), createWriteStream(join(target, 'files', key), { mode: 0o600 }));
    if (hash !== null) count += 1;
  }
  return count;
}

async function fileFaults(store: Store, source: string): Promise<string[]> {
  const faults: string[] = [];
  const there = new Set(readdirSync(join(source, 'files')));
  for await (const { key, hash } of keysOf(store)) {
    if (!there.has(key)) faults.push(`file ${key} is missing`);
    else if (hash !== null && (await hashOf(join(source, 'files', key))) !== hash)
      faults.push(`file ${key} is damaged`);
  }
  return faults;
}

async function restoreFiles(store: Store, source: string, blobs: BlobStore): Promise<void> {
  const staged = mkdtempSync(join(tmpdir(), 'matchbook-restore-'));
  try {
    for await (const { key, hash } of keysOf(store)) {
      const path = join(staged, key);
      await copyFile(join(source, 'files', key), path);
      const { size } = await stat(path);
      await blobs.put(key, path, size, hash ?? (await hashOf(path)));
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
