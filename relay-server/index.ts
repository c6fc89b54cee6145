/** The relay: reads its configuration, puts its parts together, listens, and ends in good order. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedItem } from '@matchbook/protocol/frames';
import { Progress, SaveConflict } from '@matchbook/protocol/http/saving';
import { pino } from 'pino';
import { Check } from 'typebox/value';
import { COMMANDS, runCommand } from './commands/run.ts';
import { type Config, help, readConfig } from './config.ts';
import { Admission } from './connection/admission.ts';
import { Ephemeral } from './connection/ephemeral.ts';
import { LateConfirms } from './connection/late-confirms.ts';
import type { Member } from './connection/member.ts';
import { Credentials, ticketKey } from './credentials/credentials.ts';
import { KeyCache } from './credentials/keys.ts';
import { DeliveredPositions } from './forwarding/delivered.ts';
import { Hub } from './forwarding/hub.ts';
import { EntriesByPoll } from './http/entries.ts';
import { HttpFace } from './http/face.ts';
import { movedRoutes } from './http/moved.ts';
import { Operations } from './http/operations.ts';
import { originsOf } from './http/origins.ts';
import { SendMessage } from './http/send-message.ts';
import { LegacyMessages } from './legacy/messages.ts';
import { listeningClock } from './listening-clock.ts';
import { Metrics } from './metrics.ts';
import { Reader } from './reader/port.ts';
import { ApiClient } from './saving/api-client.ts';
import { Persister } from './saving/persister.ts';
import { Trimming } from './saving/trimming.ts';
import { failpoints } from './sequencer/failpoint.ts';
import { LogLock } from './sequencer/lock.ts';
import { Sequencer } from './sequencer/port.ts';
import { RelayServer } from './server.ts';
import { Trace } from './trace.ts';
import { Turn } from './wire/turn.ts';

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
  const origins = originsOf(config.RELAY_ORIGINS, config.RELAY_HOSTS, config.RELAY_TRUST_PROXY);
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
      batchItems: config.RELAY_BATCH_ITEMS,
      rates: {
        user: config.RELAY_RATE_USER,
        device: config.RELAY_RATE_DEVICE,
        conversation: config.RELAY_RATE_CONVERSATION,
      },
      failpoint: config.RELAY_FAILPOINT,
    },
    end('sequencer'),
  );
  const reader = new Reader(new URL('./reader-worker.js', import.meta.url), path, end('reader'));
  const monotonic = () => performance.now();
  const listened = listeningClock(monotonic);
  const now = Date.now;
  const api = new ApiClient({
    base: config.RELAY_API_URL,
    secret: config.RELAY_SERVICE_SECRET,
    now: monotonic,
  });
  const turn = new Turn(setImmediate);
  const hub = new Hub(folded, turn);
  const keys = new KeyCache({ api, file: join(folder, 'keys.json'), now: monotonic });
  const credentials = new Credentials({
    keys,
    issuer: config.RELAY_ISSUER,
    ticketKey: ticketKey(join(folder, 'ticket.key')),
    now,
    apiAway: () => api.away,
    revoked: folded.revoked,
  });
  const admission = new Admission<Member>({
    sockets: config.RELAY_SOCKETS,
    unauthenticatedPerAddress: config.RELAY_UNAUTHENTICATED_PER_ADDRESS,
    socketsPerUser: config.RELAY_SOCKETS_PER_USER,
  });
  const submit = sequencer.submit.bind(sequencer);
  const delivered = new DeliveredPositions(
    (positions) => void submit({ type: 'delivered', positions }),
    monotonic,
  );
  const tell = (user: string, items: SavedItem[]) => {
    for (const connection of admission.of(user)) connection.saved(items);
  };
  const metrics = new Metrics();
  const persister = new Persister({
    api,
    reader,
    head: () => hub.head,
    recent: (after, count) => hub.after(after, count),
    savedSeq: folded.savedSeq,
    keep: async (request) => (await submit(request)).every((one) => one.ok),
    tell,
    moved: ({ seq, saved, dead }) => {
      trace.saved.reached(seq, now());
      metrics.saved.inc(saved);
      metrics.deadLetters.inc(dead);
    },
    onForked: (apiSeq) => void beginEpoch(apiSeq),
    report: (details, message) => log.warn(details, message),
    hit: failpoints(config.RELAY_FAILPOINT, () => process.kill(process.pid, 'SIGKILL')),
    now,
    random: Math.random,
  });
  const trimming = new Trimming(submit, config.RELAY_KEEP_DAYS, now);
  const start = { head: folded.head.seq, saved: folded.savedSeq };
  const trace = new Trace(reader, hub, start, () => server.connections);
  const legacy = new LegacyMessages(hub, admission, submit);
  const polls = new EntriesByPoll({
    credentials,
    admission,
    hub,
    reader,
    delivered,
    saveProgress: () => persister.progress,
    creditItems: config.RELAY_CREDIT_ENTRIES,
    creditBytes: config.RELAY_CREDIT_BYTES,
    farBehind: config.RELAY_FAR_BEHIND_ENTRIES,
    now,
    monotonic,
  });
  const sending = new SendMessage({ credentials, submit, legacy, batchItems: config.RELAY_BATCH_ITEMS });
  const operations = new Operations({
    serviceSecret: config.RELAY_SERVICE_SECRET,
    credentials,
    metrics,
    trace,
    connections: () => admission.connections,
    keysReady: () => keys.ready,
    submit,
    tell,
    now,
  });
  const ephemeral = new Ephemeral(hub, monotonic);
  const lateConfirms = new LateConfirms(reader, delivered);
  const forwarding = {
    ...{ hub, reader, now: listened, wallClock: now },
    creditItems: config.RELAY_CREDIT_ENTRIES,
    creditBytes: config.RELAY_CREDIT_BYTES,
    farBehind: config.RELAY_FAR_BEHIND_ENTRIES,
  };
  const server = new RelayServer(
    {
      ...{
        config,
        credentials,
        admission,
        hub,
        turn,
        sequencer,
        delivered,
        lateConfirms,
        ephemeral,
        metrics,
      },
      forwarding,
      ...{ saveProgress: () => persister.progress, now, monotonic: listened, log },
    },
    origins,
    new HttpFace(origins, { ...operations.routes, ...sending.routes, ...polls.routes, ...movedRoutes }),
  );
  sequencer.onGroup((group) => {
    hub.publish(group);
    metrics.group(group);
    const at = now();
    trace.committed.reached(group.head.seq, at);
    trace.acked.reached(group.head.seq, at);
    for (const { conv, joined, left, revoked, block, user } of group.committed) {
      if (conv !== null && joined) ephemeral.joined(conv, joined);
      if (conv !== null && left) ephemeral.left(conv, left);
      if (block) ephemeral.blocked(user, block.of, block.on);
      if (revoked === undefined) continue;
      credentials.revoke(revoked);
      server.revoke(revoked);
      polls.close({ kind: 'session_revoked', message: 'This session was ended.' }, revoked);
    }
    if (group.committed.length > 0) persister.wake();
  });
  sequencer.onAnswers((answers) => server.connection(answers.peer)?.answered(answers));
  metrics.watch({
    connections: () => server.counts(),
    lags: () => [...server.connections].map((one) => one.lag ?? 0),
    creditWaiting: () => [...server.connections].filter((one) => one.waitsForCredit).length,
    persister: () => {
      const backlog = Math.max(0, hub.head.seq - persister.progress.saved);
      return { backlog, lagSeconds: persister.lag / 1_000, failing: persister.failing };
    },
    sequencerPending: () => sequencer.pending,
  });

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
    polls.close({ kind: 'draining', message: 'The relay is stopping.', retryAfter: 1 });
    setTimeout(() => process.exit(1), STOP_LIMIT).unref();
    await server.close();
    lateConfirms.close();
    delivered.close();
    persister.close();
    trimming.close();
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
  trimming.start();
}

const command = process.argv.slice(2);
if (process.argv.includes('--help')) {
  process.stdout.write(`${help()}\n${COMMANDS}`);
} else {
  const configured = readConfig(process.env);
  if (!configured.ok) {
    process.stderr.write(configured.faults.map((fault) => `relay: ${fault}\n`).join(''));
    process.exitCode = EXIT_CONFIG;
  } else if (command.length > 0) {
    process.exitCode = await runCommand(configured.config, command);
  } else {
    run(configured.config, configured.warnings).catch((error: unknown) => {
      process.stderr.write(`relay: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(EXIT_START);
    });
  }
}
