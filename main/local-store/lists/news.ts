import type { Body, Form } from '@matchbook/protocol/entries';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { type MessageContent, readContent } from '@matchbook/protocol/message-body';
import { isSpoken } from '@matchbook/protocol/shown-files';
import { isVisible } from '@matchbook/protocol/text';
import type { EntryRow } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import { cut } from '../entries/preview.ts';
import type { Registers } from '../entries/registers.ts';
import type { Database } from '../files/database.ts';
import type { Conversation, Conversations } from './conversations.ts';
import { isMentioned, NewestTexts } from './mentions.ts';

/** A message of somebody else, as a notification tells of it. */
export interface NewMessage {
  id: string;
  n: number;
  sender: string;
  /** Null until a profile was heard of. */
  name: string | null;
  /** Cut; null where this version cannot show it. Empty for files alone. */
  text: string | null;
  /** What it has instead of a text, where that has a name of its own. */
  kind?: 'voice' | 'photo';
  silent: boolean;
  mentioned: boolean;
}

/** What is new in a conversation, seen from a place in it. */
export interface ConversationNews {
  conv: string;
  form: Form;
  self: boolean;
  /** Name of a group, or of the other one; null where nothing is known. */
  title: string | null;
  /** Of a group without a name: others in it, and whether there are more than these. */
  among?: { names: readonly string[]; more: boolean };
  headN: number;
  readN: number;
  /** Another device read further than this one did. */
  readElsewhere: boolean;
  /** ms; 0: not muted. */
  mutedUntil: number;
  /** Messages of others after the place that are not read, also those that are not here yet. */
  unread: number;
  /** The newest of them, ascending. */
  messages: NewMessage[];
  /** Ids of own messages after the place, the newest 20. */
  own: string[];
  /** The message at the place in `shown` was deleted. */
  gone?: true;
  /** The message at the place in `shown` has other words since: as it reads now. */
  reads?: string;
}

export interface NewsQuestion {
  /** By conversation, the place after which something is new; 0 where it is absent. */
  after: ReadonlyMap<string, number>;
  /** Null: all. */
  convs: readonly string[] | null;
  /** Messages a conversation that are answered with. */
  rows: number;
  /** By conversation, the message that something on the screen tells of. */
  shown?: ReadonlyMap<string, number>;
}

const OWN_ROWS = 20;
/** Names that stand for a group without one. */
const NAMES = 3;

/** Answers what is new for notifications and badges; changes nothing. */
export class News {
  readonly #db: Database;
  readonly #account: string;
  readonly #user: string;
  readonly #rows: EntryRows;
  readonly #conversations: Conversations;
  readonly #registers: Registers;

  constructor(
    db: Database,
    account: string,
    user: string,
    rows: EntryRows,
    conversations: Conversations,
    registers: Registers,
  ) {
    this.#db = db;
    this.#account = account;
    this.#user = user;
    this.#rows = rows;
    this.#conversations = conversations;
    this.#registers = registers;
  }

  /** Conversations of which the head is beyond the place, and of the named ones all. */
  since({ after, convs, rows, shown }: NewsQuestion): ConversationNews[] {
    const found =
      convs === null
        ? this.#conversations.list(null).filter(({ conv, headN }) => headN > (after.get(conv) ?? 0))
        : convs.flatMap((conv) => this.#conversations.find(conv) ?? []);
    if (found.length === 0) return [];
    const name = this.#name(this.#user);
    return found.map((about) => {
      const n = shown?.get(about.conv);
      return {
        ...this.#of(about, after.get(about.conv) ?? 0, rows, name),
        ...(n === undefined ? {} : this.#since(about.conv, n)),
      };
    });
  }

  /** Unread messages and the conversations that have some, without those that are muted at `now` (ms); `until`: when the first of these is muted no more, null where none is. */
  unread(now: number): { messages: number; conversations: number; until: number | null } {
    return this.#db.get<{ messages: number; conversations: number; until: number | null }>(
      `SELECT coalesce(sum(iif(until IS NULL, unread, 0)), 0) AS messages, coalesce(sum(until IS NULL), 0) AS conversations, min(until) AS until
       FROM (SELECT unread, (SELECT o.value FROM own_register AS o
           WHERE o.account = c.account AND o.reg = 'mute' AND o.conv = c.conv AND o.about = '' AND o.value > ?) AS until
         FROM conversation AS c WHERE account = ? AND unread > 0)`,
      now,
      this.#account,
    )!;
  }

  #of(about: Conversation, place: number, rows: number, ownName: string | null): ConversationNews {
    const { conv, form, headN, readN } = about;
    const members = this.#conversations.members.present(conv);
    const others = members.filter((user) => user !== this.#user);
    const self = form === 'direct' && members.length > 0 && others.length === 0;
    const from = Math.max(place, readN);
    const position = this.#registers.positions(conv).find(({ user }) => user === this.#user);
    return {
      ...{ conv, form, self, headN, readN },
      ...this.#title(form, nameOf(about.name), others),
      readElsewhere: (position?.read ?? 0) > about.markedN,
      mutedUntil: this.#registers.own('mute', conv)?.value ?? 0,
      unread: self ? 0 : this.#conversations.unreadAfter(about, from),
      messages: self || rows === 0 || headN <= from ? [] : this.#messages(conv, from, rows, ownName),
      own: headN <= place ? [] : this.#own(conv, place),
    };
  }

  /** What became of a message that something on the screen tells of. */
  #since(conv: string, n: number): Pick<ConversationNews, 'gone' | 'reads'> {
    const kinds = this.#db
      .all<{ kind: string }>(
        `SELECT DISTINCT kind FROM entry WHERE account = ? AND conv = ? AND target = ? AND kind IN ('edit', 'delete')`,
        ...[this.#account, conv, n],
      )
      .map(({ kind }) => kind);
    if (kinds.includes('delete')) return { gone: true };
    const row = kinds.length > 0 && this.#rows.at(conv, n);
    const body = row && new NewestTexts(this.#rows, conv, n).of(row);
    const content = body && readContent(body);
    return content ? { reads: cut(plainText(content.text)) } : {};
  }

  #title(
    form: Form,
    name: string | null,
    others: readonly string[],
  ): Pick<ConversationNews, 'title' | 'among'> {
    if (name !== null) return { title: name };
    if (form === 'direct') return { title: others[0] === undefined ? null : this.#name(others[0]) };
    const names = others.slice(0, NAMES).flatMap((user) => this.#name(user) ?? []);
    return { title: null, among: { names, more: others.length > NAMES } };
  }

  #messages(conv: string, after: number, limit: number, ownName: string | null): NewMessage[] {
    const now = new NewestTexts(this.#rows, conv, after + 1);
    return this.#db
      .all<EntryRow>(
        `SELECT conv, n, kind, id, sender, body, raw FROM entry WHERE account = ? AND conv = ? AND n > ? AND own = 0 AND kind = 'message' AND body IS NOT NULL
         ORDER BY n DESC LIMIT ?`,
        ...[this.#account, conv, after, limit],
      )
      .reverse()
      .map((row) => {
        const body = now.of(row);
        const content = body && readContent(body);
        return {
          ...{ id: row.id ?? '', n: row.n, sender: row.sender ?? '' },
          name: row.sender === null ? null : this.#name(row.sender),
          text: content ? cut(plainText(content.text)) : null,
          ...(content ? kindOf(content) : {}),
          silent: row.raw !== null && (JSON.parse(row.raw) as { silent?: boolean }).silent === true,
          mentioned: content !== null && isMentioned(content, this.#user, ownName),
        };
      });
  }

  #own(conv: string, after: number): string[] {
    return this.#db
      .all<{ id: string }>(
        `SELECT id FROM entry WHERE account = ? AND conv = ? AND n > ? AND own = 1 AND kind = 'message' ORDER BY n DESC LIMIT ${OWN_ROWS}`,
        ...[this.#account, conv, after],
      )
      .map(({ id }) => id);
  }

  #name(user: string): string | null {
    return (
      this.#db.get<{ name: string }>(
        'SELECT name FROM profile WHERE account = ? AND user = ?',
        this.#account,
        user,
      )?.name ?? null
    );
  }
}

function kindOf(content: MessageContent): Pick<NewMessage, 'kind'> {
  if (isSpoken(content)) return { kind: 'voice' };
  const { files = [] } = content;
  return files.length === 1 && files[0]!.type.startsWith('image/') ? { kind: 'photo' } : {};
}

/** Of a group, from the body of its last renaming. */
function nameOf(body: string | null): string | null {
  const content = body === null ? null : readContent(JSON.parse(body) as Body);
  return content && isVisible(content.text) ? content.text.trim() : null;
}
