import type { More } from '@matchbook/protocol/bridge/more';
import type { Draft } from '@matchbook/protocol/bridge/views';
import type { Database } from '../files/database.ts';
import { isWhole, SUMMED, sumIn } from '../files/row-sums.ts';
import { RowDamage } from '../files/store-error.ts';
import { type EarlierTexts, survives } from './earlier-texts.ts';

/** A draft with what the devices of its owner agreed on. Times are wall clock ms. */
export interface DraftRow {
  text: string;
  /** What it has besides its text. */
  more: More | null;
  version: number;
  updated: number;
  /** The register as this device last knew it: what an append names in `replaces`, and what it says. */
  baseV: number;
  base: string;
  baseMore: More | null;
  /** It is to be sent again once the append that is on its way has an answer. */
  wanted: boolean;
  /** `version` at which the text of another device was last taken over; 0: never. */
  taken: number;
  /** The most that stood here since the last text that was kept: a text taken back letter by letter is kept whole. */
  peak: string;
  /** Another device's text that the person has not decided about. */
  other: { text: string; time: number; more?: More } | null;
}

const COLUMNS =
  'text, version, updated, base_v, base, wanted, taken, peak, other, other_time, more, base_more, other_more';
interface StoredRow {
  text: string;
  version: number;
  updated: number;
  base_v: number;
  base: string;
  wanted: number;
  taken: number;
  peak: string;
  other: string | null;
  other_time: number | null;
  more: string | null;
  base_more: string | null;
  other_more: string | null;
}

const EMPTY: DraftRow = {
  ...{ text: '', more: null, version: 0, updated: 0, baseV: 0, base: '', baseMore: null },
  ...{ wanted: false, taken: 0, peak: '', other: null },
};

/** As much as a line of the list can show, characters. */
const BEGINNING = 160;

/** What was begun and not sent, one text a conversation. */
export class Drafts {
  readonly #db: Database;
  readonly #account: string;
  readonly #now: () => number;
  readonly #earlier: EarlierTexts;

  constructor(db: Database, account: string, now: () => number, earlier: EarlierTexts) {
    this.#db = db;
    this.#account = account;
    this.#now = now;
    this.#earlier = earlier;
  }

  find(conv: string): DraftRow {
    const row = this.#db.get<StoredRow & { whole: number }>(
      `SELECT ${COLUMNS}, ${isWhole('draft')} AS whole FROM draft WHERE account = ? AND conv = ?`,
      this.#account,
      conv,
    );
    if (!row) return { ...EMPTY };
    const { whole, ...stored } = row;
    if (whole !== 1) throw new RowDamage('a draft');
    return rowOf(stored);
  }

  read(conv: string): Draft {
    const { text, more, version, updated, taken, other } = this.find(conv);
    return {
      ...{ text, version, updatedAt: updated },
      ...(more ? { more } : {}),
      ...(taken > 0 ? { taken } : {}),
      ...(other ? { other } : {}),
    };
  }

  /** Conversations with text or files in their draft. */
  present(): string[] {
    return this.#db
      .all<{ conv: string }>(
        `SELECT conv FROM draft WHERE account = ? AND (text <> '""' OR json_array_length(more, '$.files') > 0)`,
        this.#account,
      )
      .map(({ conv }) => conv);
  }

  /** How the drafts begin that have text or files, by conversation. */
  beginnings(): Map<string, string> {
    const rows = this.#db.all<{ conv: string; begins: string | null }>(
      `SELECT conv, CASE WHEN json_valid(text) THEN substr(json_extract(text, '$'), 1, ${BEGINNING}) END AS begins
      FROM draft WHERE account = ? AND (text <> '""' OR json_array_length(more, '$.files') > 0)`,
      this.#account,
    );
    return new Map(rows.map(({ conv, begins }) => [conv, begins ?? '']));
  }

  /** Conversations whose draft is not what the devices agreed on. */
  unshared(): string[] {
    return this.#db
      .all<{ conv: string }>(
        'SELECT conv FROM draft WHERE account = ? AND (text <> base OR more IS NOT base_more) AND other IS NULL',
        this.#account,
      )
      .map(({ conv }) => conv);
  }

  /** Before whatever is there by now, with what it has besides its text. */
  putBack(conv: string, text: string, more: More | null): Draft {
    const present = this.find(conv);
    this.change(conv, {
      text: present.text === '' ? text : text === '' ? present.text : `${text}\n${present.text}`,
      more: together(more, present.more),
    });
    return this.read(conv);
  }

  /** Its text became a message: gone, unless it is another version by now. */
  clear(conv: string, version: number): void {
    const row = this.find(conv);
    if (row.version !== version || version === 0) return;
    this.#write(conv, { ...row, text: '', more: null, peak: '', version: version + 1, updated: this.#now() });
  }

  /** A new version where `text` or `more` is given; what it takes the place of becomes an earlier text, unless it lives on in it. */
  change(conv: string, change: Partial<DraftRow>): DraftRow {
    return this.#db.transaction(() => {
      const row = this.find(conv);
      const next = { ...row, ...change };
      if (change.text !== undefined || change.more !== undefined) {
        next.version = row.version + 1;
        next.updated = this.#now();
        if (!survives(row.peak, next.text)) {
          this.#earlier.keep(conv, row.peak);
          next.peak = '';
          // What was typed since the most that stood here may be other words.
          if (row.text !== row.peak && !survives(row.text, next.text)) this.#earlier.keep(conv, row.text);
        }
        if (next.text.length >= next.peak.length) next.peak = next.text;
      }
      this.#write(conv, next);
      return next;
    });
  }

  #write(conv: string, row: DraftRow): void {
    const { version, updated, taken, other } = row;
    const stored = {
      ...{ account: this.#account, conv, version, updated, taken, base_v: row.baseV },
      ...{ text: JSON.stringify(row.text), base: JSON.stringify(row.base), peak: JSON.stringify(row.peak) },
      ...{ other: other ? JSON.stringify(other.text) : null, other_time: other?.time ?? null },
      ...{ more: jsonOf(row.more), base_more: jsonOf(row.baseMore), other_more: jsonOf(other?.more ?? null) },
      wanted: row.wanted ? 1 : 0,
    };
    this.#db.run(
      `INSERT OR REPLACE INTO draft (${SUMMED.draft.join(', ')}, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...SUMMED.draft.map((column) => stored[column]),
      sumIn('draft', stored),
    );
  }
}

const rowOf = ({ base_v, other, other_time, more, base_more, other_more, ...row }: StoredRow): DraftRow => ({
  ...row,
  text: JSON.parse(row.text) as string,
  more: moreIn(more),
  baseV: base_v,
  base: JSON.parse(row.base) as string,
  baseMore: moreIn(base_more),
  wanted: row.wanted === 1,
  peak: JSON.parse(row.peak) as string,
  other:
    other === null
      ? null
      : {
          ...{ text: JSON.parse(other) as string, time: other_time ?? 0 },
          ...(other_more === null ? {} : { more: moreIn(other_more)! }),
        },
});

const jsonOf = (more: More | null): string | null => more && JSON.stringify(more);
const moreIn = (json: string | null): More | null => (json === null ? null : (JSON.parse(json) as More));

/** What both have; one message is answered, the one of the second where both answer one. */
export function together(one: More | null, other: More | null): More | null {
  if (!one || !other) return one ?? other;
  const mentions = [...new Set([...(one.mentions ?? []), ...(other.mentions ?? [])])];
  const files = [...(one.files ?? []), ...(other.files ?? [])];
  return {
    ...one,
    ...other,
    ...(mentions.length > 0 ? { mentions } : {}),
    ...(files.length > 0 ? { files } : {}),
  };
}
