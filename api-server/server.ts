/** The API server as one thing with a lifetime: store, keys, routes, the appender to the relay, the listening socket. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { Accounts } from './accounts/accounts.ts';
import { Invitations } from './accounts/invitations.ts';
import { Keys } from './accounts/keys.ts';
import { Oidc } from './accounts/oidc.ts';
import { Passwords } from './accounts/passwords.ts';
import { Profiles } from './accounts/profiles.ts';
import { RateLimit } from './accounts/rate-limit.ts';
import { SecretHash } from './accounts/secret-hash.ts';
import { Sessions } from './accounts/sessions.ts';
import { Admin } from './admin/admin.ts';
import { Settings } from './admin/settings.ts';
import { createApp } from './app.ts';
import { Authentication } from './authentication.ts';
import type { Config } from './config.ts';
import { type Alone, alone } from './db/alone.ts';
import { openStore } from './db/open.ts';
import { openFiles } from './files/open.ts';
import { Forgetting } from './forgetting.ts';
import { deadLetterCount } from './messages/dead-letters.ts';
import { Metrics } from './metrics.ts';
import { Outbound } from './outbound/outbound.ts';
import { RelayClient } from './outbound/relay-client.ts';
import { Scheduled } from './people/scheduled.ts';
import { webWith } from './previews/addresses.ts';
import { Previews } from './previews/previews.ts';
import { Indexing } from './search/indexing.ts';
import { postgresIndex } from './search/postgres-index.ts';
import { sqliteIndex } from './search/sqlite-index.ts';

/** For one request with its body, ms: a large piece of a file over a slow line is cut off then, and goes on from there. */
const REQUEST_LIMIT = 15 * 60_000;
/** At once; further ones are turned away before the process has no descriptor left for its database. */
const CONNECTIONS = 5_000;
/** Requests under way may take this long to end at a stop. */
const STOP_LIMIT = 8_000;

export interface Api {
  port: number;
  close(): Promise<void>;
}

interface Surroundings {
  log: Logger;
  version: string;
  now?: () => number;
  random?: () => number;
  /** Another server has the database now: this one can do nothing more. */
  lost?: (error: Error) => void;
}

/** @throws Held where another server has the folder or the database */
export async function startApi(config: Config, surroundings: Surroundings): Promise<Api> {
  const { log, lost } = surroundings;
  const lock = await alone(config, {
    ...{ wait: config.lockWait, log },
    onLost: (error) => {
      log.fatal({ err: error }, 'another server took the database');
      lost?.(error);
    },
  });
  try {
    return await serve(config, lock, surroundings);
  } catch (error) {
    await lock.close();
    throw error;
  }
}

async function serve(
  config: Config,
  lock: Alone,
  { log, version, now = Date.now, random = Math.random }: Surroundings,
): Promise<Api> {
  const store = lock.guard(await openStore(config, log));
  const { db } = store;
  const index = store.dialect === 'postgres' ? postgresIndex : sqliteIndex;
  const indexing = new Indexing({ store, index, log });
  const keys = await Keys.load(config.dataDir, config.issuer, now, (error) =>
    log.error({ err: error }, 'the key of access tokens cannot be renewed; the present one goes on'),
  );
  const relay = new RelayClient(config.relayUrl, config.serviceSecret);
  const outbound = new Outbound({ db, relay, log, now, random });
  const sessions = new Sessions({ keys, outbound, accessSeconds: config.accessTokenSeconds, now });
  const hash = new SecretHash();
  const invitations = new Invitations({
    ...{ store, outbound, now },
    smallImage: (hash, limit) => files.smallImage(hash, limit),
  });
  const { firstAccountSecret } = config;
  const { serverName: name, registration, fileBytes, quotaBytes } = config;
  const settings = new Settings(store, { name, registration, fileBytes, quotaBytes });
  await settings.load();
  const accounts = new Accounts({
    store,
    hash,
    sessions,
    invitations,
    outbound,
    admission: { registration: () => settings.all.registration, firstAccountSecret },
    now,
  });
  const passwords = new Passwords({ store, hash, sessions, outbound });
  const profiles = new Profiles({ store, outbound, now });
  const scheduled = new Scheduled({ store, outbound, log, now });
  const authentication = new Authentication({
    keys,
    db,
    issuer: config.issuer,
    serviceSecret: config.serviceSecret,
    perUser: new RateLimit({ ...config.rateUser, now, refusedCount: false }),
    now,
  });
  const forgetting = new Forgetting({ store, log, now });
  const { files, uploads, housekeeping, scrub, claimBucket } = openFiles(config, {
    ...{ store, log, now },
    isAllSaved: () => relay.isAllSaved(),
    limits: () => settings.all,
  });
  await claimBucket();
  const count = async (table: 'fileFault' | 'searchPending') => {
    const all = db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('count'));
    return Number((await all.executeTakeFirstOrThrow()).count);
  };
  const metrics = new Metrics({
    outboundWaiting: () => outbound.waiting(),
    deadLetters: () => deadLetterCount(db),
    fileFaults: () => count('fileFault'),
    searchPending: () => count('searchPending'),
    lastSave: async () => {
      const row = await db
        .selectFrom('progress')
        .select(({ fn }) => fn.max('updatedAt').as('at'))
        .executeTakeFirst();
      return row?.at ? (now() - row.at) / 1_000 : null;
    },
  });
  const app = createApp({
    store,
    index,
    accounts,
    passwords,
    profiles,
    sessions,
    invitations,
    authentication,
    keys,
    info: () => {
      const { name, registration, fileBytes } = settings.all;
      return { name, version, relay: config.relayPublicUrl, registration, fileBytes };
    },
    admin: new Admin({ store, index, sessions, settings, outbound, scrub, now }),
    settings,
    scheduled,
    files,
    uploads,
    scrub,
    oidc: config.oidc
      ? new Oidc({
          config: config.oidc,
          signIn: (person, device) => accounts.signInExternal(person, device),
          ...{ log, now },
        })
      : null,
    previews: config.previews ? new Previews(webWith(config.previewHosts), now) : null,
    metrics,
    relay,
    origins: config.origins,
    hosts: config.hosts,
    trustProxy: config.trustProxy,
    log,
    now,
  });
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: REQUEST_LIMIT,
      maxHeaderSize: 8 * 1024,
      keepAliveTimeout: 30_000,
    },
    app,
  );
  server.maxConnections = CONNECTIONS;
  await listen(server, config.port, config.host);
  outbound.wake();
  indexing.start();
  scheduled.start();
  housekeeping.start();
  forgetting.start();
  scrub.start();
  const { port } = server.address() as AddressInfo;
  log.info({ port, instance: randomUUID() }, 'listening');
  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Those that answer their last request just now are idle in a moment.
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      const limit = setTimeout(() => server.closeAllConnections(), STOP_LIMIT);
      await closed;
      clearTimeout(limit);
      clearInterval(idle);
      await scrub.close();
      await housekeeping.close();
      await forgetting.close();
      await scheduled.close();
      await outbound.close();
      await indexing.close();
      keys.close();
      await store.close();
      await lock.close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 1_024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
