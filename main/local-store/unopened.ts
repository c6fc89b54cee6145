import { join } from 'node:path';
import { readableOutbox } from './opening/salvage.ts';
import { filesNamed, isQuiet, itemOf, textOf } from './outbox/item.ts';
import type { Unsent } from './shown.ts';

/**
 * What waits and what is begun, as far as the files tell it: of an account whose files could not be opened. They are read from a copy and stay as they are.
 *
 * @param folder of the account
 */
export function unsentIn(folder: string, account: string): Unsent {
  const found = readableOutbox(join(folder, 'outbox.db'), join(folder, 'outbox.backup.db'), account);
  const files: Unsent['files'] = {};
  const items = found.items.flatMap((row) => {
    const item = itemOf(row);
    if (isQuiet(item.content)) return [];
    const { id, conv, content, created, frozen, failed, failure, attempts, tried, next } = item;
    const named = filesNamed(content);
    if (named.length > 0) files[id] = named;
    return [
      {
        ...{ account, id, conv, kind: content.kind, text: textOf(content) ?? '', whole: true },
        ...{ off: 'off' in content && content.off === true, about: null, created, frozen, failed, failure },
        ...{ holds: [], behind: false, attempts, triedAt: tried, nextAt: next },
      },
    ];
  });
  return { items, drafts: found.drafts, files };
}
