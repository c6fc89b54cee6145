/** The app, or a bare window, as a person starts it: without a driver, which slows the start down for both and lets every page believe that it is seen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import WebSocket from 'ws';
import { bounded, until } from '../../e2e/fixtures/conditions.ts';
import { installedRuntime, launchOptions } from '../../scripts/electron-runtime.mjs';

const LIMIT = 60_000;

export interface Undriven {
  pid: number;
  /** In main; only of an app that was started with `inspected`. Nobody is connected before and after. */
  evaluate(expression: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface UndrivenOptions {
  /** Folder of the app. */
  app: string;
  profile: string;
  args?: readonly string[];
  inspected?: boolean;
}

export async function startUndriven({
  app,
  profile,
  args = [],
  inspected = false,
}: UndrivenOptions): Promise<Undriven> {
  const launch = launchOptions(installedRuntime()!);
  const child = spawn(
    launch.executablePath,
    [...(inspected ? ['--inspect=0'] : []), ...launch.args, app, `--user-data-dir=${profile}`, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let told = '';
  child.stderr.on('data', (chunk) => {
    told = (told + String(chunk)).slice(-20_000);
  });
  return {
    pid: child.pid!,
    evaluate: async (expression) => {
      const address = await until('the inspector', () => /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(told)?.[0], {
        within: LIMIT,
      });
      return await evaluated(address, expression);
    },
    stop: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  try {
    await bounded('the app to quit', exit, 20_000);
  } catch {
    child.kill('SIGKILL');
    await exit;
  }
}

async function evaluated(address: string, expression: string): Promise<unknown> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const params = { expression, includeCommandLineAPI: true, awaitPromise: true, returnByValue: true };
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  for await (const [message] of messages(socket)) {
    const { id, result } = JSON.parse(String(message)) as {
      id?: number;
      result?: { result: { value?: unknown }; exceptionDetails?: object };
    };
    if (id !== 1) continue;
    socket.close();
    await once(socket, 'close');
    if (result?.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails));
    return result?.result.value;
  }
  throw new Error('The inspector went away.');
}

async function* messages(socket: WebSocket): AsyncGenerator<[WebSocket.RawData]> {
  const waiting: [WebSocket.RawData][] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    waiting.push([data]);
    wake();
  });
  for (;;) {
    const next = waiting.shift();
    if (next) yield next;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

/** Wall clock of a first paint and of the marks of the pages, ms, from the trace of the start that `args` had written. */
export async function startTraced(path: string): Promise<{ paint: number; marks: Map<string, number> }> {
  const events = await until(
    'the trace of the start',
    () => {
      if (!existsSync(path)) return null;
      try {
        return (JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: { name: string; ts: number }[] })
          .traceEvents;
      } catch {
        // It is still being written.
        return null;
      }
    },
    { within: LIMIT, every: 250 },
  );
  // Both clocks are CLOCK_MONOTONIC.
  const offset = Date.now() - Number(process.hrtime.bigint() / 1_000n) / 1_000;
  const times = (name: string) =>
    events.filter((one) => one.name === name).map(({ ts }) => ts / 1_000 + offset);
  const paints = times('firstContentfulPaint');
  if (paints.length === 0) throw new Error('The trace has no first paint.');
  const marks = new Map<string, number>();
  for (const { name } of events)
    if (name.startsWith('matchbook:') && !marks.has(name)) marks.set(name, Math.min(...times(name)));
  return { paint: Math.min(...paints), marks };
}

/** Arguments by which Chromium writes such a trace. */
export const traceOfStart = (path: string, seconds: number): string[] => [
  '--trace-startup=blink.user_timing,loading',
  '--trace-startup-format=json',
  `--trace-startup-file=${path}`,
  `--trace-startup-duration=${seconds}`,
];
