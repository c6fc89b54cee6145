/** Which conversations an export has, what they are called and where each is written. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { nameOnDisk } from '../files/file-name.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { exportWords } from '../words/exported.ts';
import { words } from '../words/words.ts';
import type { ExportLedger } from './ledger.ts';

/** A conversation, and where it is written. */
export interface Chapter {
  row: ConversationRow;
  title: string;
  json: string;
  html: string;
  nameOf(user: string): string | null;
}

/** Every conversation, in an order that stays while others are added. */
export async function chaptersOf(
  ledger: Pick<ExportLedger, 'header'>,
  store: Pick<LocalStore, 'knownPeople' | 'listConversations'>,
): Promise<Chapter[]> {
  const { account, user, name } = ledger.header;
  // What somebody said stays when they leave, and so does who they were.
  const known = new Map((await store.knownPeople(account)).map((person) => [person.user, person.name]));
  known.set(user, name);
  const rows = (await store.listConversations(account)).sort((a, b) => (a.conv < b.conv ? -1 : 1));
  return rows.map((row, i) => {
    const members = new Map(row.members.map((member) => [member.user, member.name]));
    const title = titleOf(row, user);
    const base = `conversations/${String(i + 1).padStart(3, '0')} ${nameOnDisk(title).slice(0, 60)}`;
    return {
      ...{ row, title, json: `${base}.json`, html: `${base}.html` },
      nameOf: (id) => members.get(id) ?? known.get(id) ?? null,
    };
  });
}

const titleOf = ({ name, self, members }: ConversationRow, user: string): string =>
  name ??
  (self
    ? exportWords(words.language).self
    : members
        .filter((member) => member.user !== user)
        .map((member) => member.name ?? member.user)
        .join(', ') || exportWords(words.language).conversation);
