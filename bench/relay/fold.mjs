/** perf script | node fold.mjs: stacks on one line each, with how often they were seen, as flamegraph.pl reads them. Threads by what they do. */
import { createInterface } from 'node:readline';

const stacks = new Map();
const threads = new Map();
let thread = '';
let frames = [];

function take() {
  if (frames.length > 0) {
    const stack = frames.reverse().join(';');
    const list = threads.get(thread) ?? [];
    threads.set(thread, list);
    list.push(stack);
  }
  frames = [];
}

for await (const line of createInterface({ input: process.stdin })) {
  const frame = /^\s+[0-9a-f]+ (.*?)(?:\+0x[0-9a-f]+)? \(.*\)$/.exec(line);
  if (frame) {
    const name = frame[1]
      .replace(/file:\/\/\S*\/out\/servers\//, '')
      .replace(/(?:file:\/\/)?\S*\/(?=node_modules\/)/, '')
      .replace(/:\d+:\d+$/, '')
      .replaceAll(';', ':');
    frames.push(name);
  } else if (line.trim() !== '') {
    take();
    thread = /\s(?:\d+\/)?(\d+)\s/.exec(line)?.[1] ?? line;
  }
}
take();

for (const all of threads.values()) {
  const has = (text) => all.some((stack) => stack.includes(text));
  const name = has('sequencer-worker')
    ? 'log'
    : has('reader-worker')
      ? 'reader'
      : has('index.js')
        ? 'main'
        : 'helpers of V8';
  for (const stack of all) stacks.set(`${name};${stack}`, (stacks.get(`${name};${stack}`) ?? 0) + 1);
}
for (const [stack, count] of stacks) process.stdout.write(`${stack} ${count}\n`);
