/** The log alone, as the relay runs it: frames go in on the main thread, are stored durably by the sequencer's, and come back committed. */
import { getRandomValues } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import { Sequencer } from '../../relay-server/sequencer/port.ts';

const settings = Object.fromEntries(process.argv.slice(2).map((arg) => arg.split('='))) as Record<
  string,
  string
>;
const entries = Number(settings.entries ?? 2_000_000);
const conversations = Number(settings.conversations ?? 10_000);
const seconds = Number(settings.seconds ?? 10);
const USERS = 2_000;
/** Frames on their way at once: more than a group, so that the log is never idle. */
const UNDERWAY = 2_048;
const TEXT = 'x'.repeat(256);

const folder = mkdtempSync(join(settings.folder ?? tmpdir(), 'matchbook-bench-log-'));
const path = join(folder, 'log.db');
const id = uuidv7Generator(Date.now, getRandomValues);
const rate = { perSecond: 1e9, burst: 1e9 };
const { sequencer } = await Sequencer.start(
  new URL('./sequencer-worker.js', import.meta.url),
  {
    path,
    limits: { bodyBytes: 65_536, members: 5_000 },
    batchItems: 64,
    rates: { user: rate, device: rate, conversation: rate },
    failpoint: '',
  },
  (code) => process.exit(code),
);

const user = (i: number) => `u${i}`;
const members = (conv: number) => [user(conv % USERS), user((conv * 7 + 1) % USERS)];
let underway = 0;
let answered = 0;
let room = () => {};
const commits: number[] = [];
let measuring = false;
sequencer.onGroup(({ stats }) => {
  if (measuring) commits.push(stats.took);
});
sequencer.onAnswers(({ texts, frames }) => {
  if (texts.some((text) => !text.startsWith('{"t":"ack"'))) throw new Error(texts.join('\n'));
  underway -= frames;
  answered += frames;
  if (underway < UNDERWAY / 2) room();
});

for (let i = 0; i < USERS; i++) {
  sequencer.join(i + 1, user(i), `device-${i}`);
  if (i % 64 === 0)
    await sequencer.submit({
      type: 'internal',
      items: Array.from({ length: 64 }, (_, k) => ({
        id: `p${i + k}`,
        kind: 'profile',
        user: user(i + k),
        name: user(i + k),
      })),
    });
}
for (let c = 0; c < conversations; c += 64) {
  const items = Array.from({ length: Math.min(64, conversations - c) }, (_, k) => ({
    id: `c${c + k}`,
    kind: 'create' as const,
    form: 'group' as const,
    conv: `c${c + k}`,
    sender: members(c + k)[0]!,
    members: [...new Set(members(c + k))],
  }));
  const refused = (await sequencer.submit({ type: 'internal', items })).find((one) => !one.ok);
  if (refused) throw new Error(JSON.stringify(refused));
}

async function append(until: () => boolean, items: number): Promise<void> {
  while (!until()) {
    for (let k = 0; k < 128 && underway < UNDERWAY; k++) {
      const conv = Math.floor(Math.random() * conversations);
      const peer = (conv % USERS) + 1;
      const batch = Array.from(
        { length: items },
        () => `{"id":"${id()}","kind":"message","body":{"type":"text/plain","text":"${TEXT}"}}`,
      );
      underway += 1;
      sequencer.frame(peer, `{"t":"append","conv":"c${conv}","items":[${batch.join(',')}]}`);
    }
    if (underway < UNDERWAY) await new Promise<void>((resolve) => setImmediate(resolve));
    else await new Promise<void>((resolve) => (room = resolve));
  }
}

// Filling goes faster with several items a frame.
const FILL = 16;
const wanted = entries / FILL;
const begun = performance.now();
await append(() => answered + underway >= wanted, FILL);
while (underway > 0) await new Promise<void>((resolve) => setTimeout(resolve, 10));
const filled = performance.now() - begun;

await append(() => performance.now() - begun - filled > 2_000, 1);
measuring = true;
const lag = monitorEventLoopDelay({ resolution: 1 });
lag.enable();
const from = { at: performance.now(), answered, cpu: process.cpuUsage() };
await append(() => performance.now() - from.at > seconds * 1_000, 1);
lag.disable();
const took = (performance.now() - from.at) / 1_000;
const { user: userCpu, system } = process.cpuUsage(from.cpu);
const count = answered - from.answered;
commits.sort((one, other) => one - other);
const at = (part: number) => Number(commits[Math.floor(commits.length * part)]!.toFixed(2));
console.log(
  JSON.stringify({
    machine: `${cpus()[0]!.model}, ${cpus().length} processors`,
    entries,
    conversations,
    filledPerSecond: Math.round((entries / filled) * 1_000),
    fileMegabytes: Math.round(statSync(path).size / 1e6),
    appendsPerSecond: Math.round(count / took),
    groupItems: Math.round(count / commits.length),
    commitMs: { p50: at(0.5), p99: at(0.99), max: at(0.9999) },
    loopLagMs: { p50: lag.percentile(50) / 1e6, p99: lag.percentile(99) / 1e6, max: lag.max / 1e6 },
    cpuMicrosecondsPerAppend: Number(((userCpu + system) / count).toFixed(1)),
  }),
);
await sequencer.close();
rmSync(folder, { recursive: true, force: true });
