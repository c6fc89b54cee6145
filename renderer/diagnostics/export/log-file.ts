/** An exported log, read back: of this computer or of somebody else's. Whatever does not fit is left out and counted. */
import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import { atOnce } from '../in-slices.ts';
import type { Names } from '../log/names.ts';
import { LOG_FORMAT } from './export-text.ts';

export interface LogFile {
  name: string;
  /** ISO time of the export, and the version that wrote it. */
  exported: string;
  version: string;
  events: NumberedEvent[];
  names: Names;
  /** Lines that were not understood. */
  skipped: number;
}

type Fields = Record<string, unknown>;
const TEXTS = ['type', 'conv', 'words', 'contents'] as const;
const NUMBERS = ['size', 'count', 'ref', 'seq', 'behind', 'ms', 'wait', 'code', 'attempt'] as const;
const LONGEST = 64 * 1024;

/** Lines between two pauses of those that read in slices. */
const STRIDE = 100;

/** Null where it is no exported log. */
export const fileIn = (name: string, text: string): LogFile | null => atOnce(reading(name, text));

export function* reading(name: string, text: string): Generator<void, LogFile | null> {
  const [first = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  const head = fieldsIn(first);
  if (head?.format !== LOG_FORMAT) return null;
  const accounts = new Map<string, string>();
  const conversations = new Map<string, string>();
  const events: NumberedEvent[] = [];
  for (const [at, line] of rest.entries()) {
    if (at % STRIDE === 0) yield;
    const fields = fieldsIn(line);
    const event = fields && eventIn(fields, events.length + 1);
    if (!fields || !event) continue;
    events.push(event);
    if (event.account !== null && typeof fields.accountName === 'string')
      accounts.set(event.account, fields.accountName.slice(0, 200));
    if (event.conv !== undefined && typeof fields.title === 'string')
      conversations.set(event.conv, fields.title.slice(0, 200));
  }
  const versions = head.versions as Fields | null | undefined;
  return {
    name,
    exported: typeof head.exported === 'string' ? head.exported : '',
    version: typeof versions?.app === 'string' ? versions.app : '',
    events,
    names: { accounts, conversations },
    skipped: rest.length - events.length,
  };
}

function fieldsIn(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function eventIn(fields: Fields, no: number): NumberedEvent | null {
  const at = typeof fields.time === 'string' ? Date.parse(fields.time) : Number.NaN;
  const { via, dir, account, ids, n } = fields;
  if (Number.isNaN(at) || typeof fields.type !== 'string') return null;
  const event: Fields = {
    no,
    at,
    account: typeof account === 'string' ? account : null,
    via: via === 'socket' || via === 'poll' || via === 'rest' ? via : 'life',
    dir: dir === 'in' || dir === 'out' ? dir : null,
    size: 0,
  };
  for (const key of TEXTS) if (typeof fields[key] === 'string') event[key] = fields[key].slice(0, LONGEST);
  for (const key of NUMBERS) if (Number.isFinite(fields[key])) event[key] = fields[key];
  if (Array.isArray(ids)) event.ids = ids.filter((id) => typeof id === 'string').slice(0, 64);
  if (Array.isArray(n) && n.length === 2 && n.every(Number.isFinite)) event.n = n;
  return event as unknown as NumberedEvent;
}
