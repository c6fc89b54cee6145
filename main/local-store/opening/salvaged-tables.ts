/** The tables of an outbox that are looked for in a file that is damaged: those whose rows a person wrote, and what was dealt with already. */
import { SUMMED, type Summed } from '../files/row-sums.ts';
import type { Row } from './mending.ts';

export interface Table {
  name: Summed | 'refused_later';
  columns: readonly string[];
  key: string[];
  /** Orders in which rows are read until one cannot be: from both ends, so that a damaged page costs what lies on it. */
  orders: string[];
}

export const ITEM: Table = {
  name: 'item',
  columns: SUMMED.item,
  key: ['account', 'id'],
  orders: ['place', 'place DESC'],
};
export const DRAFT: Table = {
  name: 'draft',
  columns: SUMMED.draft,
  key: ['account', 'conv'],
  orders: ['account, conv', 'account DESC, conv DESC'],
};
export const EARLIER: Table = {
  name: 'earlier_text',
  columns: SUMMED.earlier_text,
  key: ['account', 'conv', 'text'],
  orders: ['id', 'id DESC'],
};

export const BEGUN: Table = {
  name: 'begun',
  columns: SUMMED.begun,
  key: ['account', 'about'],
  orders: ['account, about', 'account DESC, about DESC'],
};

/** Has no sums: an id of which a letter became another one is none that the server knows, and is forgotten. */
export const REFUSED: Table = {
  name: 'refused_later',
  columns: ['account', 'id'],
  key: ['account', 'id'],
  orders: ['account, id', 'account DESC, id DESC'],
};

/** Sound rows, the first of each key. */
export function union(table: Table, first: Row[], second: Row[]): Row[] {
  const rows = new Map<string, Row>();
  for (const row of [...first, ...second]) {
    const key = keyOf(table, row);
    if (sound(table, row) && !rows.has(key)) rows.set(key, row);
  }
  return [...rows.values()];
}

export const keyOf = (table: Table, row: Row): string =>
  JSON.stringify(table.key.map((column) => row[column]));

/** Damage can turn a row into nonsense that still reads: only what parses comes back. Of a text with NUL what stands before it was read. */
function sound(table: Table, row: Row): boolean {
  try {
    if (table.key.some((column) => typeof row[column] !== 'string')) return false;
    if (table.name === 'refused_later') return true;
    if (table.name === 'draft')
      return (
        Number.isSafeInteger(row.version) &&
        Number.isSafeInteger(row.updated) &&
        typeof JSON.parse(String(row.text)) === 'string' &&
        typeof JSON.parse(String(row.base ?? '""')) === 'string' &&
        typeof JSON.parse(String(row.peak ?? '""')) === 'string' &&
        (row.other == null || typeof JSON.parse(String(row.other)) === 'string') &&
        [row.more, row.base_more, row.other_more].every(
          (more) => more == null || typeof JSON.parse(String(more)) === 'object',
        )
      );
    if (table.name === 'begun')
      return (
        typeof row.conv === 'string' &&
        (row.n == null || Number.isSafeInteger(row.n)) &&
        Number.isSafeInteger(row.updated) &&
        typeof JSON.parse(String(row.text)) === 'string'
      );
    if (table.name === 'earlier_text')
      return Number.isSafeInteger(row.time) && typeof JSON.parse(String(row.text)) === 'string';
    if (typeof row.conv !== 'string' || !Number.isSafeInteger(row.created)) return false;
    const content: unknown = JSON.parse(String(row.content));
    if (![0, 1].includes(Number(row.frozen)) || ![0, 1].includes(Number(row.failed))) return false;
    if (!(Number(row.hold ?? 0) >= 0 && Number(row.hold ?? 0) <= 7)) return false;
    if (row.failure !== null) JSON.parse(String(row.failure));
    return typeof content === 'object' && content !== null && 'kind' in content && content.kind === row.kind;
  } catch {
    return false;
  }
}
