/** node stages.mjs MICROSECONDS < folded: what a delivery costs, by what is done for it. A stack counts for the first stage that matches. */
import { readFileSync } from 'node:fs';

const STAGES = [
  [
    'collect garbage, compile',
    /^helpers of V8|Heap::CollectGarbage|Heap::PerformGarbageCollection|Compiler::Compile/,
  ],
  [
    'save: batches to the API server',
    /#save relay|#drain relay|#tell relay|_http_outgoing|_http_client|_http_agent/,
  ],
  ['confirm: credit and delivered positions', /#confirm relay|:\*confirm relay/],
  ['append: rules, hashes, rows', /^log;.*#append /],
  ['commit: pages, sync, checkpoint', /^log;.*(commit |checkpoint|fsync|commitGroup)/],
  ['parse: read, unmask, understand', /^main;.*(uv__read|onStreamRead)|^log;.*(take |JsonParse)/],
  ['deliver: bundles, frames, one write a socket', /^main;.*(#end |flush relay|publish relay|writeOrBuffer)/],
  ['between the threads', /MessagePort|Message::|tell relay|#settle|worker/],
];

const all = new Map(STAGES.map(([name]) => [name, 0]));
let total = 0;
for (const line of readFileSync(0, 'utf8').split('\n')) {
  const at = line.lastIndexOf(' ');
  if (at < 0) continue;
  const [stack, count] = [line.slice(0, at), Number(line.slice(at + 1))];
  const name = STAGES.find(([, pattern]) => pattern.test(stack))?.[0] ?? 'the rest';
  all.set(name, (all.get(name) ?? 0) + count);
  total += count;
}
const micros = Number(process.argv[2]);
for (const [name, count] of all)
  process.stdout.write(
    `| ${name} | ${((count / total) * 100).toFixed(0)} % | ${((count / total) * micros).toFixed(1)} |\n`,
  );
