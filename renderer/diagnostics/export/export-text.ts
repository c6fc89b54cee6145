/**
 * What leaves when a log is copied or saved: JSON lines, a head and one line an event, with names and addresses replaced unless they are
 * wanted. The same input always gives the same text, so that what was shown in the preview is what leaves.
 */
import type { NumberedEvent, Overview } from '@matchbook/protocol/bridge/diagnostics';
import { scrubbed } from '@matchbook/protocol/redaction';
import { atOnce } from '../in-slices.ts';
import type { Names } from '../log/names.ts';

export const LOG_FORMAT = 'matchbook-log/1';

export interface ExportOptions {
  /** Names of people, conversations and servers, and addresses of servers, become numbers. */
  replaceNames: boolean;
  /** Ids of accounts, conversations and messages become numbers too. */
  replaceIds: boolean;
  /** Contents of frames go along, where they were recorded. */
  contents: boolean;
}

export const CAREFUL: ExportOptions = { replaceNames: true, replaceIds: false, contents: false };

export interface Exported {
  lines: string[];
  /** How often what was replaced or left out. */
  replaced: { names: number; addresses: number; ids: number; contents: number };
  characters: number;
}

export interface ExportContext {
  names: Names;
  overview: Overview | null;
  /** Wall clock, ms. */
  now: number;
}

/** Of few events. */
export const exportOf = (...asked: Parameters<typeof exporting>): Exported => atOnce(exporting(...asked));

/** Events between two pauses of those that do it in slices. */
const STRIDE = 100;

export function* exporting(
  events: readonly NumberedEvent[],
  options: ExportOptions,
  { names, overview, now }: ExportContext,
): Generator<void, Exported> {
  const replaced = { names: 0, addresses: 0, ids: 0, contents: 0 };
  const accounts = new Numbers('account');
  const convs = new Numbers('conversation');
  const messages = new Numbers('message');
  const servers = new Numbers('server');
  const id = (numbers: Numbers, text: string) => {
    if (!options.replaceIds) return text;
    replaced.ids++;
    return numbers.of(text);
  };
  const title = (numbers: Numbers, key: string, name: string) => {
    if (!options.replaceNames) return name;
    replaced.names++;
    return numbers.of(key);
  };
  const clean = (text: string) => {
    const bare = scrubbed(text);
    if (!options.replaceNames) return bare;
    return bare.replace(/\b(wss?|https?):\/\/[^\s"'/]+/g, (address) => {
      replaced.addresses++;
      return servers.of(address);
    });
  };
  const lineOf = (event: NumberedEvent): string => {
    const { no, at, account, conv, ids, words, contents, ...rest } = event;
    if (contents !== undefined && !options.contents) replaced.contents++;
    const accountName = account === null ? undefined : names.accounts.get(account);
    const convTitle = conv === undefined ? undefined : names.conversations.get(conv);
    return JSON.stringify({
      no,
      time: new Date(at).toISOString(),
      ...rest,
      ...(account === null ? {} : { account: id(accounts, account) }),
      ...(account !== null && accountName ? { accountName: title(accounts, account, accountName) } : {}),
      ...(conv === undefined ? {} : { conv: id(convs, conv) }),
      ...(conv !== undefined && convTitle ? { title: title(convs, conv, convTitle) } : {}),
      ...(ids === undefined ? {} : { ids: ids.map((one) => id(messages, one)) }),
      ...(words === undefined ? {} : { words: clean(words) }),
      ...(contents === undefined || !options.contents ? {} : { contents: clean(contents) }),
    });
  };
  const body: string[] = [];
  for (const event of events) {
    body.push(lineOf(event));
    if (body.length % STRIDE === 0) yield;
  }
  const head = JSON.stringify({
    format: LOG_FORMAT,
    exported: new Date(now).toISOString(),
    versions: overview?.versions ?? null,
    events: events.length,
    namesReplaced: options.replaceNames,
    idsReplaced: options.replaceIds,
    contents: options.contents,
  });
  const lines = [head, ...body];
  return { lines, replaced, characters: lines.reduce((sum, line) => sum + line.length + 1, 0) };
}

/** The same text gets the same number. */
class Numbers {
  #word: string;
  #known = new Map<string, string>();

  constructor(word: string) {
    this.#word = word;
  }

  of(text: string): string {
    const known = this.#known.get(text) ?? `${this.#word} ${this.#known.size + 1}`;
    this.#known.set(text, known);
    return known;
  }
}
