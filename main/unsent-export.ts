/** What waits in the outbox of an account, and its drafts, as files that the person keeps: JSON with everything, and text to read. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { refusedPlace } from './bridge/local-failure.ts';
import type { LocalStore } from './local-store/local-store.ts';
import { writeDurably } from './profile/durable-file.ts';

export interface UnsentExportParts {
  store: Pick<LocalStore, 'unsent' | 'listConversations'>;
  /** Asks where; null where the person wants no file. Answers with a path that ends in `.json`. */
  choose(name: string): Promise<string | null>;
  now(): number;
}

interface Named {
  account: string;
  user: string;
  name: string;
  api: string;
}

/** @throws where the files cannot be written */
export async function exportUnsent(
  { store, choose, now }: UnsentExportParts,
  { account, user, name, api }: Named,
): Promise<{ files: string[] }> {
  const day = new Date(now()).toISOString().slice(0, 10);
  const path = await choose(`Matchbook, not sent, ${day}.json`);
  if (path === null) return { files: [] };
  const { items, drafts, files } = await store.unsent(account);
  // Of an account that cannot be opened the texts may still be read, and with whom they are is not known.
  const rows = await store.listConversations(account).catch(() => []);
  const titles = new Map(rows.map((row) => [row.conv, titleOf(row, user)]));
  const titled = <T extends { conv: string }>(one: T) => ({ ...one, with: titles.get(one.conv) ?? one.conv });
  const whole = {
    ...{ exported: new Date(now()).toISOString(), name, user, server: api },
    items: items.map(({ account: _account, whole: _whole, ...item }) => ({
      ...titled(item),
      ...(files[item.id] ? { files: files[item.id] } : {}),
    })),
    drafts: drafts.map(titled),
  };
  await writeDurably(path, `${JSON.stringify(whole, null, 2)}\n`).catch(refusedPlace);
  const text = path.replace(/(\.json)?$/i, '.txt');
  await writeDurably(text, readable(whole)).catch(refusedPlace);
  return { files: [path, text] };
}

function readable({
  name,
  server,
  exported,
  items,
  drafts,
}: {
  name: string;
  server: string;
  exported: string;
  items: {
    with: string;
    kind: string;
    text: string;
    created: number;
    failed: boolean;
    files?: readonly { name: string; size: number }[];
  }[];
  drafts: { with: string; text: string }[];
}): string {
  const lines = [`${name} at ${server}`, `Not sent when this was written, ${exported}`, ''];
  for (const { with: title, kind, text, created, failed, files = [] } of items) {
    const what = kind === 'message' ? '' : ` (${kind})`;
    lines.push(
      `[${new Date(created).toISOString()}] to ${title}${what}${failed ? ', failed' : ''}`,
      ...(text === '' ? [] : [text]),
      ...files.map((file) => `${file.name} (${file.size} bytes)`),
      '',
    );
  }
  for (const { with: title, text } of drafts) lines.push(`Draft to ${title}`, text, '');
  return lines.join('\n');
}

const titleOf = ({ name, self, members }: ConversationRow, user: string): string =>
  name ??
  (self
    ? 'Notes to self'
    : members
        .filter((member) => member.user !== user)
        .map((member) => member.name ?? member.user)
        .join(', '));
