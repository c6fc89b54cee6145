/** What the diagnostics window may ask of main, call by call. Nothing of it goes through another window. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type DIAGNOSTICS_CALLS,
  type LinkOverview,
  LOG_LIMITS,
  type Overview,
} from '@matchbook/protocol/bridge/diagnostics';
import type { Figures } from '@matchbook/protocol/bridge/figures';
import type { PreferenceFacts, Preferences } from '@matchbook/protocol/bridge/preferences';
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { ReadyAccount } from '../accounts/account-list.ts';
import type { Handlers } from '../bridge/bridge.ts';
import { LocalError } from '../bridge/local-failure.ts';
import { writeDurably } from '../profile/durable-file.ts';
import type { ConnectionCheck } from './connection-check.ts';
import type { Diagnostics } from './diagnostics.ts';

export type DiagnosticsHandlers = Handlers<typeof DIAGNOSTICS_CALLS>;

export interface DiagnosticsCallParts {
  diagnostics: Diagnostics;
  check: ConnectionCheck;
  accounts(): ReadyAccount[];
  account(account: string): ReadyAccount;
  /** As every window is told of it: an account that does not connect (a copied profile, files that cannot be opened) has no session of its own. */
  sessionOf(account: string): SessionState;
  /** Counts of an account's outbox and holes; null where the store does not answer. */
  depths(account: string): Promise<LinkOverview['depths']>;
  conversations(account: string): Promise<ConversationRow[]>;
  /** A hard reset of the connection; the end of a rest. */
  reconnect(account: string): Promise<void>;
  rest(account: string): Promise<void>;
  restartHost(reason: string): void;
  isOnline(): boolean;
  embedded(): Overview['embedded'];
  figures(): Figures;
  versions: Overview['versions'];
  preferences(): Preferences & { facts: PreferenceFacts };
  now(): number;
  writeClipboard(text: string): void;
  /** Asks where to save or what to open; null where the person chose nothing. */
  askSave(name: string): Promise<string | null>;
  askOpen(): Promise<string | null>;
}

export function diagnosticsCalls(parts: DiagnosticsCallParts): DiagnosticsHandlers {
  const { diagnostics, check } = parts;
  const link = async ({
    account,
    name,
    serverName,
    api,
    relay,
    embedded,
  }: ReadyAccount): Promise<LinkOverview> => {
    const vitals = diagnostics.vitals(account);
    const { lastEnd, counts, attempts, lastData, lastTrip, stored, head } = vitals;
    const state = parts.sessionOf(account);
    const since = vitals.since ?? ('cause' in state ? state.cause.at : null);
    return {
      ...{ account, name, serverName, api, relay, embedded },
      ...{ state, since, lastEnd, counts, attempts, lastData, lastTrip, stored, head },
      stretches: vitals.stretches(parts.now()),
      depths: await parts.depths(account),
    };
  };
  const person = (account: string, words: string) => {
    parts.account(account);
    diagnostics.life('person', { account, words });
  };
  return {
    'diagnostics.preferences': () => parts.preferences(),
    'diagnostics.overview': async () => ({
      now: parts.now(),
      links: await Promise.all(parts.accounts().map(link)),
      marks: diagnostics.marks(),
      host: { ...diagnostics.host },
      online: parts.isOnline(),
      embedded: parts.embedded(),
      versions: parts.versions,
      log: { first: diagnostics.ring.first, last: diagnostics.ring.last, bytes: diagnostics.ring.bytes },
      contents: diagnostics.contents,
    }),
    'diagnostics.figures': () => parts.figures(),
    'diagnostics.log': ({ after, limit }) => diagnostics.lines(after, limit),
    'diagnostics.contents': ({ on }) => {
      diagnostics.showContents(on);
      return null;
    },
    'diagnostics.reconnect': async ({ account }) => {
      person(account, 'reconnect');
      // A session host that stands still would not hear it.
      if (diagnostics.hostIsSilent()) parts.restartHost('it did not answer when asked to reconnect');
      await parts.reconnect(account);
      return null;
    },
    'diagnostics.rest': async ({ account }) => {
      person(account, 'go offline');
      await parts.rest(account);
      return null;
    },
    'diagnostics.resume': async ({ account }) => {
      person(account, 'go online');
      await parts.reconnect(account);
      return null;
    },
    'diagnostics.names': async () => {
      const named = parts.accounts().map(async ({ account, user }) =>
        (await parts.conversations(account)).map((row) => ({
          account,
          conv: row.conv,
          title: titleOf(row, user),
        })),
      );
      return (await Promise.all(named)).flat();
    },
    'diagnostics.check': ({ account, step }) => check.run(parts.account(account), step),
    'diagnostics.copy': ({ text }) => {
      parts.writeClipboard(text);
      return null;
    },
    'diagnostics.save': async ({ name, text }) => {
      const path = await parts.askSave(name);
      if (path === null) return null;
      await writeDurably(path, text).catch(notWritten);
      return { path };
    },
    'diagnostics.open': async () => {
      const path = await parts.askOpen();
      if (path === null) return null;
      const { size } = await stat(path);
      if (size > LOG_LIMITS.export)
        throw new LocalError('bad_call', `A log has at most ${LOG_LIMITS.export} bytes.`, {
          field: 'file',
          limit: LOG_LIMITS.export,
        });
      return { name: basename(path), text: await readFile(path, 'utf8') };
    },
  };
}

/** The names of the others; empty for one's own notes. */
function titleOf({ self, members, conv }: ConversationRow, own: string): string {
  if (self) return '';
  const names = members.flatMap(({ user, name }) => (user === own || name === null ? [] : [name]));
  return names.length > 0 ? names.slice(0, 4).join(', ') : conv;
}

function notWritten(error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  throw new LocalError(
    code === 'ENOSPC' ? 'disk_full' : 'store_failed',
    `The file could not be written: ${code ?? error}.`,
  );
}
