/** Ports of the embedded servers: chosen once, kept in the settings, because invitations name them. */
import { createServer } from 'node:net';

/** Below the range from which systems hand out ports by themselves. */
const LOWEST = 20_000;
const HIGHEST = 31_999;
const TRIES = 50;

/** @throws Error where no free port was found */
export async function freePort(random: () => number, taken: readonly number[] = []): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = LOWEST + Math.floor(random() * (HIGHEST - LOWEST + 1));
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`No free port was found between ${LOWEST} and ${HIGHEST}.`);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
