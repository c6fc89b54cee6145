/** The relay: reads its configuration, puts its parts together, listens, and ends in good order. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Progress, SaveConflict } from '@matchbook/protocol/http';
import { pino } from 'pino';
import { Check } from 'typebox/value';
import { Admission } from './admission.ts';
import { ApiClient } from './api-client.ts';
import { type Config, help, readConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { Credentials, ticketKey } from './credentials.ts';
import { DeliveredPositions } from './delivered.ts';
import { HttpFace } from './http.ts';
import { Hub } from './hub.ts';
import { KeyCache } from './keys.ts';
import { Persister } from './persister.ts';
import { Reader } from './reader.ts';
import { LogLock } from './sequencer/lock.ts';
import { Sequencer } from './sequencer/port.ts';
import { RelayServer } from './server.ts';

/** EX_CONFIG, EX_TEMPFAIL. A worker that ends has its own code (74: the disk failed). */
const EXIT_CONFIG = 78;
const EXIT_START = 75;
/** How long a stop may take, and how long the start waits for the API's progress. */
const STOP_LIMIT = 10_000;
const PROGRESS_LIMIT = 2_000;

async function run(config: Config, warnings: string[]): Promise<void> {
  const log = pino({ level: config.RELAY_LOG_LEVEL, base: null }, pino.destination({ fd: 2, sync: true }));
  for (const warning of warnings) log.warn(warning);
  const folder = config.RELAY_DATA_DIR;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await LogLock.take(folder, config.RELAY_LOCK_WAIT_MS);
  const path = join(folder, 'log.db');
  const end = (part: string) => (code: number) => {
    log.fatal({ part, code }, 'a worker ended');
    process.exit(code);
  };
  const { sequencer, folded } = await Sequencer.start(
    new URL('./sequencer-worker.js', import.meta.url),
    {
      path,
      limits: { bodyBytes: config.RELAY_BODY_BYTES, members: config.RELAY_MEMBERS },
      failpoint: config.RELAY_FAILPOINT,
    },
    end('sequencer'),
  );
  const reader = new Reader(new URL('./reader-worker.js', import.meta.url), path, end('reader'));
  const monotonic = () => performance.now();
  const api = new ApiClient({
    base: config.RELAY_API_URL,
    secret: config.RELAY_SERVICE_SECRET,
    now: monotonic,
  });
  const hub = new Hub(folded, setImmediate);
  const keys = new KeyCache({ api, file: join(folder, 'keys.json'), now: monotonic });
  const credentials = new Credentials({
    keys,
    issuer: config.RELAY_ISSUER,
    ticketKey: ticketKey(join(folder, 'ticket.key')),
    now: Date.now,
    apiAway: () => api.away,
  });
  const admission = new Admission<Connection>({
    sockets: config.RELAY_SOCKETS,
    unauthenticatedPerAddress: config.RELAY_UNAUTHENTICATED_PER_ADDRESS,
    socketsPerUser: config.RELAY_SOCKETS_PER_USER,
  });
  const submit = sequencer.submit.bind(sequencer);
  const delivered = new DeliveredPositions(
    (positions) => void submit({ type: 'delivered', positions }),
    monotonic,
  );
  const persister = new Persister({
    api,
    reader,
    head: () => hub.head,
    savedSeq: folded.savedSeq,
    keep: async (request) => (await submit(request)).every((one) => one.ok),
    tell: (user, items) => {
      for (const connection of admission.of(user)) connection.saved(items);
    },
    onForked: (apiSeq) => void beginEpoch(apiSeq),
    report: (details, message) => log.warn(details, message),
    now: Date.now,
    random: Math.random,
  });
  sequencer.onGroup((group) => {
    hub.publish(group);
    if (group.committed.length > 0) persister.wake();
  });
  const server = new RelayServer(
    {
      config,
      credentials,
      admission,
      hub,
      reader,
      submit,
      delivered,
      saveProgress: () => persister.progress,
      now: Date.now,
      monotonic,
      log,
    },
    new HttpFace({
      origins: config.RELAY_ORIGINS,
      hosts: config.RELAY_HOSTS,
      serviceSecret: config.RELAY_SERVICE_SECRET,
      connections: () => admission.connections,
      keysReady: () => keys.ready,
      submit,
      now: Date.now,
    }),
  );

  /** The API knows more of this log than this log: it was set back, and all cursors with it. */
  async function beginEpoch(above: number): Promise<void> {
    log.error({ above, head: hub.head.seq }, 'the log is older than the API: a new epoch begins');
    await submit({ type: 'epoch', above });
    server.dismiss();
    persister.restart();
  }

  async function compareWithApi(): Promise<void> {
    const answer = await api.request({
      method: 'GET',
      path: '/api/messages/progress',
      timeout: PROGRESS_LIMIT,
    });
    if (!answer.ok || answer.status !== 200) return;
    const { body } = answer;
    const progress = Check(SaveConflict, body) ? body.progress : Check(Progress, body) ? body : null;
    if (!progress) return;
    const { epoch, seq } = progress;
    const { head } = hub;
    const setBack = epoch === head.epoch && seq > head.seq;
    // A log that has nothing yet beside an API that has: the old log is gone. Its seqs are not used again.
    const fresh = epoch !== head.epoch && seq >= head.seq && head.seq <= 1;
    if (setBack || fresh) await beginEpoch(seq);
  }

  let stopping = false;
  async function stop(why: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT).unref();
    await server.close();
    delivered.close();
    persister.close();
    keys.close();
    await reader.close();
    // Last: whoever closes the file last empties its WAL, and only a writer can.
    await sequencer.close();
    lock.close();
    process.exit(0);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.on('disconnect', () => void stop('disconnect'));
  // In an Electron utility process the parent is at the other end of a port.
  const { parentPort } = process as { parentPort?: { on(event: 'close', listener: () => void): void } };
  parentPort?.on('close', () => void stop('parent port closed'));

  await Promise.all([keys.start(), compareWithApi()]);
  const port = await server.listen(config.RELAY_HOST, config.RELAY_PORT);
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
  log.info({ port, head: hub.head.seq, epoch: hub.head.epoch }, 'listening');
  persister.wake();
}

if (process.argv.includes('--help')) {
  process.stdout.write(help());
} else {
  const configured = readConfig(process.env);
  if (configured.ok) {
    run(configured.config, configured.warnings).catch((error: unknown) => {
      process.stderr.write(`relay: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(EXIT_START);
    });
  } else {
    process.stderr.write(configured.faults.map((fault) => `relay: ${fault}\n`).join(''));
    process.exitCode = EXIT_CONFIG;
  }
}
