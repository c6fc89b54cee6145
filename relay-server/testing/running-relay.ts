import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtRelay } from './built-relay.ts';
import { SERVICE_SECRET } from './fake-api.ts';

/** A folder that is gone after the test. */
export function dataFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'matchbook-relay-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The built relay as a process of its own. */
export class RunningRelay {
  readonly port: number;
  readonly process: ChildProcess;
  readonly #lines: string[];

  private constructor(process: ChildProcess, port: number, lines: string[]) {
    this.process = process;
    this.port = port;
    this.#lines = lines;
  }

  static async start(folder: string, api: string, env: Record<string, string> = {}): Promise<RunningRelay> {
    const child = spawn(process.execPath, [builtRelay()], {
      env: {
        PATH: process.env.PATH ?? '',
        RELAY_DATA_DIR: folder,
        RELAY_API_URL: api,
        RELAY_SERVICE_SECRET: SERVICE_SECRET,
        RELAY_PORT: '0',
        RELAY_LOCK_WAIT_MS: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => lines.push(line));
    const port = await new Promise<number>((resolve, reject) => {
      createInterface({ input: child.stdout! }).on('line', (line) =>
        resolve((JSON.parse(line) as { port: number }).port),
      );
      child.once('exit', (code) => reject(new Error(`The relay ended with ${code}: ${lines.join('\n')}`)));
    });
    return new RunningRelay(child, port, lines);
  }

  /** What it logged. */
  get log(): string {
    return this.#lines.join('\n');
  }

  get ws(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }
  get http(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** It still answers. */
  async alive(): Promise<boolean> {
    return (await fetch(`${this.http}/readyz`)).status === 200;
  }

  /** Waits for the end, however it comes. Answers with exit code or signal. */
  async ended(): Promise<number | string> {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode ?? '';
    const [code, signal] = (await once(this.process, 'exit')) as [number | null, string | null];
    return code ?? signal ?? '';
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | string> {
    this.process.kill(signal);
    return await this.ended();
  }

  async internalAppend(items: object[], secret = SERVICE_SECRET): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.http}/internal/append`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ items }),
    });
    return { status: response.status, body: await response.json() };
  }
}
