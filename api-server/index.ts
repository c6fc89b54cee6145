/** Runs the API server: configuration from the environment, one ready line on stdout, logs on stderr. */
import { pino } from 'pino';
import { help, parseConfig } from './config.ts';
import about from './package.json' with { type: 'json' };
import { startApi } from './server.ts';

/** As in sysexits.h; the relay's are the same. */
const EXIT_START = 75;
const EXIT_CONFIG = 78;
/** A stop that takes longer than this is cut off. */
const STOP_LIMIT = 10_000;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    const { COMMANDS } = await import('./commands/run.ts');
    return void process.stdout.write(`${help()}\n${COMMANDS}`);
  }
  const { config, errors, warnings } = parseConfig(process.env);
  for (const line of [...warnings, ...errors]) process.stderr.write(`api: ${line}\n`);
  if (!config) {
    process.exitCode = EXIT_CONFIG;
    return;
  }
  const command = process.argv.slice(2);
  if (command.length > 0) {
    // What a server does not do is not read when it starts.
    const { runCommand } = await import('./commands/run.ts');
    process.exitCode = await runCommand(config, command);
    return;
  }
  const log = pino(
    { level: config.logLevel, base: { server: 'api' } },
    pino.destination({ fd: 2, sync: true }),
  );
  const api = await startApi(config, {
    ...{ log, version: about.version },
    // As after a start that found the place taken.
    lost: () => process.exit(EXIT_START),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, port: api.port })}\n`);
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT).unref();
    api.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopped badly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('disconnect'));
  // In an Electron utility process the parent is at the other end of a port.
  const { parentPort } = process as { parentPort?: { on(event: 'close', listener: () => void): void } };
  parentPort?.on('close', () => stop('parent port closed'));
}

main().catch((error: unknown) => {
  process.stderr.write(`api: ${error instanceof Error ? error.message : error}\n`);
  process.exit(EXIT_START);
});
