/** The express application, from its collaborators. */
import type { ServerInfo } from '@matchbook/protocol/http/accounts';
import { LIMITS } from '@matchbook/protocol/limits';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Accounts } from './accounts/accounts.ts';
import type { Invitations } from './accounts/invitations.ts';
import type { Keys } from './accounts/keys.ts';
import type { Oidc } from './accounts/oidc.ts';
import type { Passwords } from './accounts/passwords.ts';
import type { Profiles } from './accounts/profiles.ts';
import { RateLimit } from './accounts/rate-limit.ts';
import type { Sessions } from './accounts/sessions.ts';
import type { Admin } from './admin/admin.ts';
import type { Settings } from './admin/settings.ts';
import type { Authentication } from './authentication.ts';
import { ping, type Store } from './db/store.ts';
import { failureOf } from './files/blob-failures.ts';
import type { Files } from './files/files.ts';
import type { Scrub } from './files/scrub.ts';
import type { Uploads } from './files/uploads.ts';
import { inTime } from './in-time.ts';
import type { Metrics } from './metrics.ts';
import type { RelayClient } from './outbound/relay-client.ts';
import type { Scheduled } from './people/scheduled.ts';
import type { Previews } from './previews/previews.ts';
import { answer, errorHandler, notFound } from './problems.ts';
import { accountRoutes } from './routes/accounts.ts';
import { adminRoutes } from './routes/admin.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { fileRoutes } from './routes/files.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { messageRoutes } from './routes/messages.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { peopleRoutes } from './routes/people.ts';
import { previewRoutes } from './routes/previews.ts';
import { searchRoutes } from './routes/search.ts';
import { serverRoutes } from './routes/server.ts';
import type { SearchIndex } from './search/index-port.ts';

/** Bodies of every route but /api/messages/save and /api/scheduled. */
const BODY_BYTES = 64 * 1024;
/** A message for later is as long as one for now, and what it was before too; of some characters JSON needs six. */
const SCHEDULED_BYTES = 4 * LIMITS.frameBytes;
/** For such a body to arrive, ms. */
const BODY_LIMIT = 20_000;
/** What a browser may send and see: ours and those of tus. */
const TUS_HEADERS =
  'authorization, content-type, range, if-range, tus-resumable, upload-length, upload-offset, upload-metadata';
const EXPOSED =
  'Retry-After, ETag, Content-Range, Accept-Ranges, Location, Tus-Resumable, Upload-Offset, Upload-Length, Upload-Expires';
/** Of one person: links that they are about to send. */
const PREVIEWS = { perSecond: 0.5, burst: 20 };
/** Of one person: a search while typing asks a few times a second. */
const SEARCHES = { perSecond: 5, burst: 30 };

export interface AppParts {
  store: Store;
  index: SearchIndex;
  accounts: Accounts;
  sessions: Sessions;
  passwords: Passwords;
  profiles: Profiles;
  invitations: Invitations;
  authentication: Authentication;
  keys: Keys;
  info: () => ServerInfo;
  admin: Admin;
  settings: Settings;
  scheduled: Scheduled;
  files: Files;
  uploads: Uploads;
  scrub: Scrub;
  previews: Previews | null;
  oidc: Oidc | null;
  metrics: Metrics;
  relay: RelayClient;
  origins: readonly string[];
  hosts: readonly string[];
  trustProxy: readonly string[];
  log: Logger;
  now: () => number;
}

export function createApp(parts: AppParts): Express {
  const { store, index, info, keys, log, now } = parts;
  const app = express();
  app.disable('x-powered-by');
  if (parts.trustProxy.length > 0) app.set('trust proxy', [...parts.trustProxy]);
  app.use(parts.metrics.measured);
  app.use(hostCheck(parts.hosts), cors(parts.origins), safeHeaders);
  app.use(fileRoutes(parts));
  app.use(
    messageRoutes({
      store,
      index,
      metrics: parts.metrics,
      relay: parts.relay,
      authentication: parts.authentication,
      now,
    }),
  );
  // Files take their time, and are before this; what else is said comes at once.
  app.use(inTime(BODY_LIMIT));
  app.use('/api/scheduled', express.json({ limit: SCHEDULED_BYTES }));
  app.use(express.json({ limit: BODY_BYTES }));
  const perAddress = new RateLimit({ perSecond: 1, burst: 30, now });
  const perAccount = new RateLimit({ perSecond: 0.1, burst: 10, now });
  app.use(
    serverRoutes({
      info,
      keys,
      metrics: parts.metrics,
      authentication: parts.authentication,
      ready: async () => void (await ping(store.db)),
    }),
    oidcRoutes({ oidc: parts.oidc, perAddress }),
    accountRoutes({ ...parts, perAddress, perAccount }),
    invitationRoutes({ ...parts, serverName: () => info().name, perAddress }),
    searchRoutes({ ...parts, db: store.db, index, perUser: new RateLimit({ ...SEARCHES, now }) }),
    previewRoutes({ ...parts, perUser: new RateLimit({ ...PREVIEWS, now }) }),
    peopleRoutes({ ...parts, perAccount }),
    adminRoutes(parts),
    conversationRoutes({ db: store.db, authentication: parts.authentication }),
  );
  app.use(notFound, errorHandler(log, store.isUnavailable, failureOf));
  return app;
}

/** A page of another site that points its own name at this address (DNS rebinding) names a host that is not ours. */
function hostCheck(names: readonly string[]): RequestHandler {
  const hosts = names.map((name) => name.toLowerCase());
  return (request, response, next) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (hosts.includes('*') || hosts.includes(name)) return next();
    answer(response, {
      kind: 'host_unknown',
      message: 'This server does not go by that name.',
      field: 'Host',
    });
  };
}

/** Exactly the listed origins; no cookies are used, so none are allowed. */
function cors(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.headers.origin;
    if (origin === undefined) return next();
    if (!origins.includes(origin))
      return answer(response, {
        kind: 'forbidden',
        message: 'This origin may not call here.',
        field: 'Origin',
      });
    response.set('Access-Control-Allow-Origin', origin);
    response.set('Access-Control-Expose-Headers', EXPOSED);
    if (request.method !== 'OPTIONS') return next();
    response
      .set('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE')
      .set('Access-Control-Allow-Headers', TUS_HEADERS)
      .set('Access-Control-Max-Age', '600')
      .status(204)
      .end();
  };
}

const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  });
  next();
};
