/** One's own data as files that one keeps: asked for by windows, written by main. */
import Type from 'typebox';
import { Account, call, strict } from './calls.ts';
import type { LocalFailure } from './outcome.ts';

/** What an export has. */
export interface ExportSummary {
  conversations: number;
  /** Messages, and all entries of the log among them. */
  messages: number;
  entries: number;
  files: number;
  bytes: number;
  /** Entries, and files, that are neither on this device nor came from the server. */
  missingEntries: number;
  missingFiles: number;
  /** The server did not answer for all of it, or answers only once the person has signed in: it may have what is missing. */
  unanswered?: 'away' | 'sign-in';
}

/** What is not on this device comes from the server, then everything is written, pages last. */
export type ExportPhase = 'fetching' | 'conversations' | 'files' | 'closing';

export interface ExportState {
  account: string;
  phase: ExportPhase | 'done' | 'cancelled' | 'failed';
  /** Entries, or files, that are done of all. */
  done: number;
  of: number;
  folder: string;
  /** It goes on where an earlier one ended. */
  resumed: boolean;
  failure: LocalFailure | null;
  /** When it is done. */
  summary: ExportSummary | null;
}

/** What is wrong with an export; at most 100 are named, `faults` counts all. */
export interface ExportCheck {
  folder: string;
  /** Whose, and when it was written, ISO 8601. */
  name: string;
  server: string;
  created: string;
  summary: ExportSummary;
  faults: number;
  named: { path: string; fault: 'missing' | 'changed' | 'unknown' | 'count' }[];
}

export const EXPORT_CALLS = {
  /** Asks where, and begins; goes on with one that was not finished there. Null where the person wants none. */
  'export.begin': call<ExportState | null>()(Account),
  'export.cancel': call<null>()(Account),
  /** Of the last one since the start; null where there was none. */
  'export.state': call<ExportState | null>()(Account),
  'export.reveal': call<null>()(Account),
  /** Asks which, and reads all of it. Null where the person wants none. */
  'export.check': call<ExportCheck | null>()(Type.Object({}, strict)),
} as const;

export interface ExportEvents {
  'export.changed': ExportState;
}
export const EXPORT_EVENTS = ['export.changed'] as const;
