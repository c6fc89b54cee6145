/**
 * A sum over each row that a person wrote: SQLite's own check sees whether a file hangs together, and not that a letter in a text became another one. Such a row
 * is found when it is read, before each backup and at each start, and is never sent as if it were whole.
 *
 * The sums are kept by triggers of the connection, not of the file: whoever else writes to the file leaves a sum that does not fit, which is the purpose. A row
 * that is damaged stays so whatever else of it is changed.
 */
import { crc32 } from 'node:zlib';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** Values that SQLite keeps exactly; text with NUL is cut, so free text is stored as JSON. */
export type Value = string | number | null;

/** Columns in the order in which they are summed. */
export const SUMMED = {
  item: [
    ...['place', 'account', 'id', 'conv', 'kind', 'content', 'created', 'frozen', 'failed', 'failure'],
    ...['target', 'hold', 'attempts', 'tried', 'next'],
  ],
  draft: [
    ...['account', 'conv', 'text', 'version', 'updated'],
    ...['base_v', 'base', 'wanted', 'taken', 'peak', 'other', 'other_time'],
    ...['more', 'base_more', 'other_more'],
  ],
  earlier_text: ['account', 'conv', 'text', 'time'],
  begun: ['account', 'about', 'conv', 'n', 'text', 'updated'],
} as const satisfies Record<string, readonly string[]>;
export type Summed = keyof typeof SUMMED;

const KEYS: Record<Summed, readonly string[]> = {
  item: ['place'],
  draft: ['account', 'conv'],
  earlier_text: ['id'],
  begun: ['account', 'about'],
};

/** The sum that a row with these columns should have, as SQL. @param of `NEW.`, `OLD.` or nothing */
export const sumOf = (columns: readonly string[], of = ''): string =>
  `row_sum(${columns.map((column) => `quote(${of}${column})`).join(" || ',' || ")})`;

/** Whether a row is what was written, as SQL. */
export const isWhole = (table: Summed, of = ''): string => `(${of}sum IS ${sumOf(SUMMED[table], of)})`;

/** Rows of all tables that are not, as something to count. */
export const DAMAGED_ROWS = `(${Object.keys(SUMMED)
  .map((table) => `SELECT 1 FROM ${table} WHERE NOT ${isWhole(table as Summed)}`)
  .join(' UNION ALL ')})`;

/** Of a row as it was read, or as it is about to be written. */
export const sumIn = (table: Summed, row: Record<string, Value>): string =>
  summed(SUMMED[table].map((column) => literal(row[column] ?? null)).join(','));

/** Of one length, so that a row whose sum changes stays where it is. */
const summed = (row: string): string => crc32(row).toString(16).padStart(8, '0');

/** As `quote` of SQL writes it. */
export function literal(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** Makes `row_sum` known to a connection: before anything else, as the migrations ask for it. */
export function knowSums(db: DatabaseSyncInstance): void {
  db.function('row_sum', { deterministic: true }, (row: unknown) => summed(String(row)));
}

/** Keeps the sums from now on, as SQL: once a connection. */
export const KEEP_SUMS = (Object.keys(SUMMED) as Summed[])
  .map((table) => {
    const row = KEYS[table].map((key) => `${key} = NEW.${key}`).join(' AND ');
    const keep = `UPDATE ${table} SET sum = ${sumOf(SUMMED[table], 'NEW.')} WHERE ${row};`;
    return `
      CREATE TEMP TRIGGER ${table}_sum_of_new AFTER INSERT ON main.${table}
        WHEN NOT ${isWhole(table, 'NEW.')} BEGIN ${keep} END;
      CREATE TEMP TRIGGER ${table}_sum_of_changed AFTER UPDATE OF ${SUMMED[table].join(', ')} ON main.${table}
        WHEN ${isWhole(table, 'OLD.')} BEGIN ${keep} END;`;
  })
  .join('');
