/** A built server as an Electron utility process: it ends when the app ends, however that ends. */
import { createInterface } from 'node:readline';
import { utilityProcess } from 'electron';
import type { ServerProcess } from './supervised-server.ts';

export function startUtilityServer(name: string, entry: string, env: Record<string, string>): ServerProcess {
  const child = utilityProcess.fork(entry, [], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: `Matchbook ${name}`,
  });
  return {
    get pid() {
      return child.pid;
    },
    onLine(listener) {
      for (const stream of [child.stdout, child.stderr])
        if (stream) createInterface({ input: stream as NodeJS.ReadableStream }).on('line', listener);
    },
    onExit: (listener) => void child.on('exit', (code) => listener(code)),
    kill: () => void child.kill(),
  };
}
