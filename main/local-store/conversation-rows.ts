/** The conversations of an account as windows list them: what the log told, and what waits to change it. */
import type { ConversationRow, PreviewFacts } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import type { Body } from '@matchbook/protocol/entries';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { isVisible } from '@matchbook/protocol/text';
import type { AccountParts } from './account-parts.ts';
import { cut, filesIn } from './entries/preview.ts';
import type { Only } from './lists/members.ts';
import { bodyIn, type Item, textOf } from './outbox/item.ts';
import { changeOf } from './waiting-row.ts';

interface PreviewColumns {
  conv: string;
  previewN: number | null;
  previewSender: string | null;
  previewText: string | null;
  previewFacts: string | null;
}

/** The one that was used last is the first. @param only conversations that are asked for; all where null */
export function conversationRows(parts: AccountParts, account: string, only: Only): ConversationRow[] {
  const people = parts.history.people(only);
  const drafts = parts.drafts.beginnings();
  const waiting = new Map(parts.outbox.lastMessages().map((item) => [item.conv, item]));
  const standings = parts.history.standings(only);
  const [muted, pinned] = (['mute', 'pinned'] as const).map((reg) => parts.history.settings(reg));
  const archived = parts.history.archived();
  const now = parts.now();
  const changes = new Map<string, PendingChange[]>();
  for (const item of parts.outbox.everyChange()) {
    const { conv, content, target } = item;
    if (target !== null || 'target' in content) continue;
    const others = changes.get(conv);
    if (others) others.push(changeOf(item));
    else changes.set(conv, [changeOf(item)]);
  }
  return parts.history
    .conversations(only)
    .map((about): ConversationRow => {
      const { conv, form, headN, unread, mentions } = about;
      const members = people.get(conv) ?? [];
      const item = waiting.get(conv);
      const mutedUntil = chosen(changes.get(conv), 'mute') ?? muted?.get(conv) ?? 0;
      const wished = chosen(changes.get(conv), 'archived');
      const at = archived.get(conv);
      // What is said in it brings it back, unless it is muted: on every device alike, since all have both times from the log.
      const kept = at !== undefined && (about.time <= at || mutedUntil > now);
      return {
        ...{ account, conv, form, members, headN, unread, mentions },
        ...(unread === 1 && parts.history.isMarkAlone(about) ? { marked: true as const } : {}),
        self: form === 'direct' && members.length === 1 && members[0]?.user === parts.user,
        time: Math.max(about.time, item?.created ?? 0),
        preview: item ? previewOfItem(parts, item) : previewOfRow(parts, about),
        draft: drafts.get(conv) ?? null,
        name: nameOf(about.name),
        picture: about.picture === null ? null : (JSON.parse(about.picture) as Body),
        ...(standings.get(conv) ?? { member: true, role: 'member' as const }),
        // What was chosen here shows at once, and what the log has once that failed.
        mutedUntil,
        pinned: chosen(changes.get(conv), 'pinned') ?? pinned?.get(conv) ?? 0,
        archived: wished === undefined ? kept : wished === 1,
        ...(changes.has(conv) ? { changes: changes.get(conv)! } : {}),
      };
    })
    .sort((a, b) => b.time - a.time);
}

function previewOfItem(parts: AccountParts, item: Item): ConversationRow['preview'] {
  const text = cut(plainText(textOf(item.content) ?? ''));
  return {
    ...{ sender: parts.user, own: true, text, delivery: item.failed ? 'failed' : 'queued' },
    ...filesIn(bodyIn(item.content)),
  };
}

function previewOfRow(
  parts: AccountParts,
  { conv, previewN, previewSender, previewText, previewFacts }: PreviewColumns,
): ConversationRow['preview'] {
  if (previewN === null || previewSender === null || previewText === null) return null;
  const own = previewSender === parts.user;
  const delivery = own ? parts.history.pages.rung(conv, previewN) : null;
  const facts = previewFacts === null ? {} : (JSON.parse(previewFacts) as PreviewFacts);
  return { sender: previewSender, own, text: JSON.parse(previewText) as string, delivery, ...facts };
}

/** The value of a setting that waits. */
function chosen(
  changes: readonly PendingChange[] | undefined,
  kind: 'mute' | 'pinned' | 'archived',
): number | undefined {
  const last = changes?.findLast(({ append, delivery }) => append.kind === kind && delivery !== 'failed');
  return last?.append.kind === kind ? last.append.value : undefined;
}

function nameOf(json: string | null): string | null {
  const body = json === null ? null : (JSON.parse(json) as Body);
  return body && 'text' in body && isVisible(body.text) ? body.text : null;
}
