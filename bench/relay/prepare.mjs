/**
 * Prepares the relay for a run of the load generator (`fanout` or `pairs`; idle and storm are pairs): profiles, conversations, tickets, and an API that answers. What was prepared once for a $TOKENS file
 * is used again, so that a restart (storm) is the restart of a relay and nothing else.
 */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const { PORT, TOKENS } = process.env;
const USERS = 8_000;
/** Members of the room; fan-out to 100 wants one of 101. */
const ROOM = Number(process.env.MATCHBOOK_ROOM ?? 1_001);
const SECRET = 'service-secret-of-the-bench-0123456789';
const BATCH = 64;
/** Positions are written at most once a second (ms). */
const SETTLED = 1_500;
const root = join(import.meta.dirname, '../..');
const folder = `${TOKENS}.data`;

/** What is raised for the run: sockets, and rates that no person reaches. Everything else is as it ships. */
const LIMITS = {
  RELAY_SOCKETS: '20000',
  RELAY_UNAUTHENTICATED_PER_ADDRESS: '20000',
  RELAY_RATE_USER: '1000000/1000000',
  RELAY_RATE_DEVICE: '1000000/1000000',
  RELAY_RATE_CONVERSATION: '1000000/1000000',
  RELAY_FRAMES_PER_SECOND: '1000000',
  RELAY_FRAMES_BURST: '1000000',
};

/** The API is no contestant: outside of the process group that is measured, and not on its processor. */
async function startApi() {
  const child = spawn(
    'taskset',
    ['-c', '1', process.execPath, join(import.meta.dirname, 'api.mjs'), SECRET],
    { detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  child.unref();
  const [line] = await new Promise((resolve) =>
    createInterface({ input: child.stdout }).once('line', (text) => resolve([text])),
  );
  child.stdout.destroy();
  return Number(line);
}

function environment(port, api) {
  return {
    RELAY_PORT: String(port),
    RELAY_DATA_DIR: folder,
    RELAY_API_URL: `http://127.0.0.1:${api}`,
    RELAY_SERVICE_SECRET: SECRET,
    RELAY_LOG_LEVEL: 'error',
    ...LIMITS,
  };
}

async function fill(api) {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(root, 'out/servers/relay/index.js')], {
    env: { PATH: process.env.PATH, ...environment(0, api) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve) =>
    createInterface({ input: child.stdout }).once('line', (text) => resolve(JSON.parse(text).port)),
  );
  const user = (i) => `u${i}`;
  const items = [];
  for (let i = 0; i < USERS; i++) items.push({ id: `p${i}`, kind: 'profile', user: user(i), name: user(i) });
  const group = (conv, members) =>
    items.push({ id: `c-${conv}`, kind: 'create', sender: members[0], conv, form: 'group', members });
  if (process.argv[2] === 'fanout')
    group(
      'room1',
      Array.from({ length: ROOM }, (_, i) => user(i)),
    );
  else for (let k = 0; k < USERS / 2; k++) group(`c${k}`, [user(2 * k), user(2 * k + 1)]);
  for (let i = 0; i < items.length; i += BATCH) {
    const response = await fetch(`http://127.0.0.1:${port}/internal/append`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}` },
      body: JSON.stringify({ items: items.slice(i, i + BATCH) }),
    });
    const body = await response.json();
    const refused = body.items?.find((one) => !one.ok);
    if (!response.ok || refused) throw new Error(JSON.stringify(refused ?? body));
  }
  const key = readFileSync(join(folder, 'ticket.key'));
  let cursor = await headOf(port, key, 'u0');
  // Everybody was here before: of what they have, nothing is left to be said.
  if (process.argv[2] === 'pairs') {
    for (let i = 1; i < USERS; i += 2 * BATCH)
      await Promise.all(
        Array.from({ length: BATCH }, (_, k) => i + 2 * k)
          .filter((k) => k < USERS)
          .map((k) => headOf(port, key, user(k), cursor)),
      );
    for (let last = ''; last !== cursor; ) {
      await new Promise((resolve) => setTimeout(resolve, SETTLED));
      [last, cursor] = [cursor, await headOf(port, key, 'u0')];
    }
  }
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  return cursor;
}

/** Where the log ends, as a device hears it that says hello. */
async function headOf(port, key, user, cursor) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'matchbook.v1');
  const hello = { t: 'hello', protocol: 1, ticket: ticket(key, user), device: `d-${user}`, cursor };
  socket.on('open', () => socket.send(JSON.stringify(hello)));
  const head = await new Promise((resolve, reject) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(data);
      if (frame.upTo) socket.send(JSON.stringify({ t: 'confirm', upTo: frame.upTo }));
      // While it is behind it hears how far; it asks again as soon as it has everything.
      if (frame.upTo) socket.send(JSON.stringify({ t: 'ping', at: 0 }));
      if (frame.head) resolve(frame.head);
    });
    socket.on('close', (code, reason) => reject(new Error(`${code} ${reason}`)));
  });
  socket.terminate();
  return head;
}

/** What earlier runs left. */
function sweep() {
  for (const name of readdirSync(dirname(TOKENS)))
    if (/^tokens-\d+\.(data|env)$/.test(name))
      rmSync(join(dirname(TOKENS), name), { recursive: true, force: true });
}

/** A ticket as the relay gives one in `welcome`, good for an hour. */
function ticket(key, user) {
  const payload = Buffer.from(
    JSON.stringify([1, user, `d-${user}`, `s-${user}`, Date.now() + 3_600_000]),
  ).toString('base64url');
  return `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;
}

sweep();
const api = await startApi();
const cursor = await fill(api);
const env = Object.entries(environment(PORT, api))
  .map(([name, value]) => `export ${name}='${value}'\n`)
  .join('');
writeFileSync(`${TOKENS}.env`, env);
const key = readFileSync(join(folder, 'ticket.key'));
// Copied as it is into the string "ticket" of the profile's hello: the cursor comes along.
const token = (user) => `${user} ${ticket(key, user)}","cursor":"${cursor}\n`;
writeFileSync(TOKENS, Array.from({ length: USERS }, (_, i) => token(`u${i}`)).join(''));
