/** The API server as a process (npm run build first): memory beside a bare express process with the same database open, and what sign-ins at argon2's limit cost everybody else. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'matchbook-bench-process-'));
const REQUESTS = 1_000;
const SAMPLES = 600;
const AT_ONCE = 20;

async function started(file, env) {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { child, base: `http://127.0.0.1:${JSON.parse(line).port}` };
}

const rss = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const percentile = (times, p) => [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * p)];

async function asked(url, init) {
  const begun = performance.now();
  const response = await fetch(url, init);
  const body = await response.json();
  return { time: performance.now() - begun, status: response.status, body };
}

const api = await started(join(root, 'out/servers/api/index.js'), {
  API_PORT: '0',
  API_DATA_DIR: folder,
  API_SERVICE_SECRET: 'service-secret-of-the-bench-0123456789',
  API_REGISTRATION: 'open',
  API_LOG_LEVEL: 'error',
  API_RATE_USER: '1000000/1000000',
  // So that those who sign in come from many places.
  API_TRUST_PROXY: '127.0.0.1',
});
const person = await asked(`${api.base}/api/accounts`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    name: 'Ann',
    secret: randomBytes(32).toString('base64url'),
    device: { id: 'd', name: 'x' },
    login: 'ann',
    password: 'correct horse',
  }),
});
const headers = { authorization: `Bearer ${person.body.access}` };

writeFileSync(
  join(folder, 'bare.mjs'),
  `import { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(join(root, 'api-server/package.json'))});
const express = require('express');
const { DatabaseSync } = require('@photostructure/sqlite');
const db = new DatabaseSync(${JSON.stringify(join(folder, 'api.db'))});
db.exec('PRAGMA cache_size = -32768');
globalThis.kept = db;
const statement = db.prepare('SELECT * FROM account');
const app = express();
app.get('/', (request, response) => response.json(statement.all()));
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
`,
);
const bare = await started(join(folder, 'bare.mjs'), {});
for (let i = 0; i < REQUESTS; i++) {
  await asked(`${api.base}/api/account`, { headers });
  await asked(bare.base, {});
}
await new Promise((resolve) => setTimeout(resolve, 3_000));
const [ours, theirs] = [rss(api.child.pid), rss(bare.child.pid)];
console.log(
  `memory, idle after ${REQUESTS} requests: ${ours.toFixed(0)} MB beside ${theirs.toFixed(0)} MB (${(ours / theirs).toFixed(2)}x)`,
);

async function samples() {
  const times = [];
  for (let i = 0; i < SAMPLES; i++) times.push((await asked(`${api.base}/api/account`, { headers })).time);
  return times;
}
const idle = await samples();
let running = true;
let signIns = 0;
// Unknown logins cost the same as known ones, and each has a bucket of its own.
const load = Array.from({ length: AT_ONCE }, async () => {
  while (running) {
    const { status } = await asked(`${api.base}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${signIns % 250}` },
      body: JSON.stringify({
        login: `nobody${signIns}`,
        password: 'correct horse',
        device: { id: 'd', name: 'x' },
      }),
    });
    if (status === 401) signIns += 1;
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
const busy = await samples();
running = false;
await Promise.all(load);
const [a, b] = [percentile(busy, 0.99), percentile(idle, 0.99)];
console.log(
  `while people sign in (${signIns} tries): p99 ${a.toFixed(1)} ms beside ${b.toFixed(1)} ms (${(a / b).toFixed(1)}x), p50 ${percentile(busy, 0.5).toFixed(1)} beside ${percentile(idle, 0.5).toFixed(1)}`,
);
for (const { child } of [api, bare]) child.kill('SIGTERM');
rmSync(folder, { recursive: true, force: true });
