/**
 * What the window asks first, answered before the store is there: with what was true when the app was last ended. It is the truth still, because nobody else
 * writes these files, and they are looked at: each has the number, the size and the time of its last change that it had then. The file of answers is gone before
 * one of them is used, so that there is none of an end that was not in order.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf, type Question } from '@matchbook/protocol/bridge/first-questions';

const FILE = 'first-answers';
/** Of the file. More would take longer to read than the store takes to open. */
const BYTES = 4 * 1024 * 1024;

export interface FirstAnswersParts {
  /** Folder of everything that is kept. */
  profile: string;
  /** Folder of the built app: answers are understood by those pages that asked. */
  out: string;
}

/** As an answer crosses to a page. */
type Answer = object | string;

/** First line of the file; each further one is a question and its answer. */
interface Head {
  account: string;
  stamps: string[];
}

/** Each answer once: whoever asks again wants to know what is true by then. */
export class FirstAnswers {
  readonly #answers: Map<string, Answer>;

  constructor(answers: Iterable<readonly [string, Answer]>) {
    this.#answers = new Map(answers);
  }

  take(name: string, request: unknown): Answer | null {
    const key = keyOf(name, request);
    const answer = this.#answers.get(key) ?? null;
    this.#answers.delete(key);
    return answer;
  }

  /** The store answers from now on. */
  end(): void {
    this.#answers.clear();
  }
}

/** What was kept, where it still holds; null otherwise. Whatever was kept is gone. */
export function takeFirstAnswers(parts: FirstAnswersParts): FirstAnswers | null {
  const path = join(parts.profile, FILE);
  try {
    const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n');
    rmSync(path);
    const { account, stamps } = JSON.parse(head) as Head;
    const now = stampsOf(parts, account);
    if (now === null || now.join() !== stamps.join()) return null;
    return new FirstAnswers(lines.map((line) => JSON.parse(line) as [string, Answer]));
  } catch {
    // The ordinary case: there is none. One that is not whole is none.
    rmSync(path, { force: true });
    return null;
  }
}

/** Of a profile that was copied: it is somebody else's. */
export function dropFirstAnswers(profile: string): void {
  rmSync(join(profile, FILE), { force: true });
}

export interface KeptParts extends FirstAnswersParts {
  account: string;
  questions: readonly Question[];
  /** Posts the question to the store before it returns: nothing can come between it and the closing that follows. */
  ask(name: string, request: object): Promise<Answer>;
}

/**
 * To be called in the turn in which the store is closed.
 * @returns keeps the answers, once the store is closed; nothing where one of them failed, or something changed meanwhile
 */
export function askForLast({ account, questions, ask, ...parts }: KeptParts): () => Promise<void> {
  const settings = stampOf(join(parts.profile, SETTINGS_FILE));
  const answering = Promise.all(
    questions.map(async ([name, request]) => [keyOf(name, request), await ask(name, request)] as const),
  );
  // Whoever keeps them hears of it.
  answering.catch(() => {});
  return async () => {
    const answers = await answering;
    const stamps = stampsOf(parts, account);
    if (stamps === null || stamps[0] !== settings) return;
    const lines = [{ account, stamps } satisfies Head, ...answers].map((line) => JSON.stringify(line));
    const text = lines.join('\n');
    if (Buffer.byteLength(text) > BYTES) return;
    const path = join(parts.profile, FILE);
    // Not synced: after a power cut there is none, or it is not whole.
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
}

const SETTINGS_FILE = 'settings.json';

/** Of all that the answers come from; null where a database is not closed, or its next opening will look into it. */
function stampsOf({ profile, out }: FirstAnswersParts, account: string): string[] | null {
  const folder = join(profile, 'accounts', account);
  const databases = ['history.db', 'outbox.db'].map((name) => join(folder, name));
  const open = databases.some((path) => (statOf(`${path}-wal`)?.size ?? 0n) > 0n);
  if (open || existsSync(join(folder, 'history.suspect'))) return null;
  return [
    ...[join(profile, SETTINGS_FILE), ...databases].map(stampOf),
    // It names its scripts by what is in them.
    readFileSync(join(out, 'renderer', 'index.html'), 'utf8'),
  ];
}

function stampOf(path: string): string {
  const stat = statOf(path);
  return stat === null ? 'none' : `${stat.ino}-${stat.size}-${stat.mtimeNs}`;
}

function statOf(path: string): { ino: bigint; size: bigint; mtimeNs: bigint } | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}
