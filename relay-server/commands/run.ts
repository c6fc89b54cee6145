import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ApiClient } from '../saving/api-client.ts';
import { backup, CommandError, restore } from './copies.ts';
import { diagnose } from './doctor.ts';
import { verifyLog } from './verify.ts';

export const COMMANDS = `Commands (with the same settings as the relay):
  backup FILE     copies the log to a new file, also while the relay runs, and verifies the copy
  restore FILE    puts a verified backup in the place of the log, keeps the former one, and begins a new epoch; the relay must be stopped
  verify [FILE]   checks every row of the log (or of FILE): chains, places, ids, registers
  doctor          tells how the log and its surroundings are; exit code 1 where something wants attention
`;

/** Answers with the exit code. Says what it did on stdout, and what went wrong on stderr. */
export async function runCommand(config: Config, [name, file, ...more]: string[]): Promise<number> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const folder = config.RELAY_DATA_DIR;
  try {
    // A word that means nothing would else be an order that is not followed.
    const unknown = file?.startsWith('--') ? file : more[0];
    if (unknown !== undefined) throw new CommandError(`${name} has no use for "${unknown}". See --help.`);
    switch (name) {
      case 'backup':
        say(`${backup(folder, needed(file))} rows are in ${file}.`);
        return 0;
      case 'restore': {
        const api = new ApiClient({
          base: config.RELAY_API_URL,
          secret: config.RELAY_SERVICE_SECRET,
          now: () => performance.now(),
        });
        const limits = { bodyBytes: config.RELAY_BODY_BYTES, members: config.RELAY_MEMBERS };
        const { former, epochStart } = await restore(folder, needed(file), limits, api, Date.now);
        say(`Restored. A new epoch begins at seq ${epochStart}: every client resumes from a snapshot.`);
        if (former) say(`The former log is ${former}.`);
        return 0;
      }
      case 'verify': {
        const verified = verifyLog(file ?? join(folder, 'log.db'));
        say(JSON.stringify(verified));
        return verified.faults.length === 0 ? 0 : 1;
      }
      case 'doctor': {
        const { lines, healthy } = await diagnose(config);
        for (const line of lines) say(line);
        return healthy ? 0 : 1;
      }
      default:
        throw new CommandError(`There is no command ${name}. See --help.`);
    }
  } catch (error) {
    process.stderr.write(`relay: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof CommandError ? 64 : 75;
  }
}

function needed(file: string | undefined): string {
  if (!file) throw new CommandError('Which file? See --help.');
  return file;
}
