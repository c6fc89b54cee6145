import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SERVICE_SECRET } from '../../relay-server/testing/fake-api.ts';
import { RunningRelay } from '../../relay-server/testing/running-relay.ts';
import { ticketOf, Writer } from './writer.ts';

const settings = Object.fromEntries(process.argv.slice(2).map((arg) => arg.split('='))) as Record<
  string,
  string
>;
const entries = Number(settings.entries ?? 1_000_000);
const perSecond = Number(settings.perSecond ?? 200);
const PAIRS = 20;
const BATCH = 64;
const QUIET = 20_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), 'matchbook-bench-backlog-'));
const apiPort = await new Promise<number>((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as { port: number };
    probe.close(() => resolve(port));
  });
});
const fast = '1000000/1000000';
const relay = await RunningRelay.start(join(folder, 'relay'), `http://127.0.0.1:${apiPort}`, {
  RELAY_LOG_LEVEL: 'error',
  ...{ RELAY_RATE_USER: fast, RELAY_RATE_DEVICE: fast, RELAY_RATE_CONVERSATION: fast },
  ...{ RELAY_FRAMES_PER_SECOND: '100000', RELAY_FRAMES_BURST: '100000' },
});

async function startApi(): Promise<() => void> {
  const child = spawn(process.execPath, [join(process.env.MATCHBOOK_ROOT!, 'out/servers/api/index.js')], {
    env: {
      PATH: process.env.PATH ?? '',
      API_PORT: String(apiPort),
      API_DATA_DIR: join(folder, 'api'),
      API_RELAY_URL: relay.http,
      API_SERVICE_SECRET: SERVICE_SECRET,
      API_LOG_LEVEL: 'error',
      API_RATE_USER: '1000000/1000000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout! }), 'line');
  return () => child.kill();
}

async function backlog(): Promise<number> {
  const metrics = await (await fetch(`${relay.http}/metrics`)).text();
  return Number(/^matchbook_relay_persister_backlog\S* (\S+)/m.exec(metrics)![1]);
}

const users = Array.from({ length: 2 * PAIRS }, (_, i) => `u${i}`);
await relay.internalAppend(users.map((user) => ({ id: `p-${user}`, kind: 'profile', user, name: user })));
await relay.internalAppend(
  Array.from({ length: PAIRS }, (_, k) => ({
    ...{ id: `c-${k}`, kind: 'create', form: 'group', conv: `c${k}`, sender: users[2 * k] },
    members: [users[2 * k], users[2 * k + 1]],
  })),
);
const connect = (user: string, k: number) =>
  Writer.connect(relay.ws, ticketOf(join(folder, 'relay'), user), `c${k}`);
const writers = await Promise.all(Array.from({ length: PAIRS }, (_, k) => connect(users[2 * k]!, k)));
const filling = performance.now();
await Promise.all(writers.map((writer) => writer.fill(Math.ceil(entries / PAIRS / BATCH), BATCH)));
const filled = (performance.now() - filling) / 1_000;
console.log(JSON.stringify({ filledPerSecond: Math.round(entries / filled), backlog: await backlog() }));

/** Messages go on at their rate while something happens; how long they took. */
async function delivery(until: () => Promise<boolean>): Promise<{ p50: number; p99: number; max: number }> {
  const readers = await Promise.all(Array.from({ length: PAIRS }, (_, k) => connect(users[2 * k + 1]!, k)));
  // They catch up first; what is new counts.
  await pause(5_000);
  for (const reader of readers) reader.delays = [];
  let due = performance.now();
  let turn = 0;
  const timer = setInterval(() => {
    for (; due <= performance.now(); due += 1_000 / perSecond) writers[turn++ % PAIRS]!.write();
  }, 5);
  while (!(await until())) await pause(100);
  clearInterval(timer);
  await pause(500);
  for (const reader of readers) reader.close();
  const delays = readers.flatMap((reader) => reader.delays).sort((one, other) => one - other);
  const at = (part: number) => Number(delays[Math.floor((delays.length - 1) * part)]!.toFixed(2));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
const forAWhile = () => {
  const end = performance.now() + QUIET;
  return async () => Promise.resolve(performance.now() > end);
};

const away = await delivery(forAWhile());
const stopApi = await startApi();
const before = await backlog();
const begun = performance.now();
const draining = await delivery(async () => (await backlog()) < perSecond);
const took = (performance.now() - begun) / 1_000;
const there = await delivery(forAWhile());
console.log(
  JSON.stringify({
    machine: `${cpus()[0]!.model}, ${cpus().length} processors`,
    backlog: before,
    perSecond,
    drainSeconds: Math.round(took),
    netPerSecond: Math.round(before / took),
    deliveryMs: { apiThere: there, draining, apiAway: away },
    p99Ratios: {
      draining: Number((draining.p99 / there.p99).toFixed(2)),
      apiAway: Number((away.p99 / there.p99).toFixed(2)),
    },
  }),
);
for (const writer of writers) writer.close();
stopApi();
await relay.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
