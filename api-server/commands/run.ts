import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { backup, CommandError, migrateStore, restore, takeBucket, verify } from './copies.ts';
import { diagnose } from './doctor.ts';
import { verifyFiles } from './files.ts';

export const COMMANDS = `Commands (with the same settings as the server):
  backup FOLDER [--without-files]   copies database, keys and files to a new folder, also while the server runs
  verify [--rate MB]                reads every stored file of this server, also while it runs, at most so many megabytes a second (50),
                                    and names those that are missing or damaged; exit code 1 where there are any
  verify FOLDER                     proves a backup: restores it into a scratch store and compares everything
  restore FOLDER [--take-bucket]    fills an empty server from a backup; the server must be stopped. With --take-bucket also where the S3 bucket
                                    is that of a server that is gone for good
  take-bucket                       makes the S3 bucket this server's, whosever it was
  migrate-store --from sqlite --to postgres
                                    moves everything to the database of API_DATABASE_URL and compares; the server must be stopped
  doctor                            tells how the server and its surroundings are; exit code 1 where something wants attention
`;

/** As in sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_FAILED = 75;

/** Megabytes a second, where nothing is said. */
const RATE = '50';

function rateIn(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 100_000)) throw new CommandError('--rate: megabytes a second.');
  return rate * 1_000_000;
}

/** What each takes beside its name: words without a name, at most, and options. */
const TAKES: Record<string, { words: number; options: Record<string, { type: 'boolean' | 'string' }> }> = {
  backup: { words: 1, options: { 'without-files': { type: 'boolean' } } },
  verify: { words: 1, options: { rate: { type: 'string' } } },
  restore: { words: 1, options: { 'take-bucket': { type: 'boolean' } } },
  'take-bucket': { words: 0, options: {} },
  'migrate-store': { words: 0, options: { from: { type: 'string' }, to: { type: 'string' } } },
  doctor: { words: 0, options: {} },
};

/** A word that means nothing would else be an order that is not followed. */
function understood(name: string, args: string[]) {
  const takes = Object.hasOwn(TAKES, name) ? TAKES[name] : undefined;
  if (!takes) throw new CommandError(`There is no command ${name}. See --help.`);
  const { words, options } = takes;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const extra = positionals[words];
    if (extra !== undefined) throw new Error(`${name} has no use for "${extra}".`);
    return { values, folder: positionals[0] };
  } catch (error) {
    throw new CommandError(`${(error as Error).message.split('. ')[0]!.replace(/\.$/, '')}. See --help.`);
  }
}

/** Answers with the exit code. Says what it did on stdout, and what went wrong on stderr. */
export async function runCommand(config: Config, [name = '', ...args]: string[]): Promise<number> {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const log = pino({ level: 'warn', base: { server: 'api' } }, pino.destination({ fd: 2, sync: true }));
  try {
    const { values, folder } = understood(name, args);
    const needed = () => {
      if (!folder) throw new CommandError('Which folder? See --help.');
      return folder;
    };
    switch (name) {
      case 'backup':
        for (const line of await backup(config, needed(), log, !values['without-files'])) say(line);
        return 0;
      case 'verify':
        if (folder === undefined) {
          const { lines, whole } = await verifyFiles(config, log, rateIn(String(values.rate ?? RATE)));
          for (const line of lines) say(line);
          return whole ? 0 : 1;
        }
        for (const line of await verify(folder)) say(line);
        return 0;
      case 'restore':
        for (const line of await restore(config, needed(), log, values['take-bucket'] === true)) say(line);
        return 0;
      case 'take-bucket':
        for (const line of await takeBucket(config, log)) say(line);
        return 0;
      case 'migrate-store': {
        const way = { from: String(values.from ?? ''), to: String(values.to ?? '') };
        for (const line of await migrateStore(config, way, log, say)) say(line);
        return 0;
      }
      case 'doctor': {
        const { lines, healthy } = await diagnose(config, log, Date.now);
        for (const line of lines) say(line);
        return healthy ? 0 : 1;
      }
      default:
        throw new CommandError(`There is no command ${name}. See --help.`);
    }
  } catch (error) {
    process.stderr.write(`api: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof CommandError ? EXIT_USAGE : EXIT_FAILED;
  }
}
