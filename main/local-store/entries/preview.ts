import type { Folded, PreviewFacts } from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { readContent } from '@matchbook/protocol/message-body';
import { isSpoken } from '@matchbook/protocol/shown-files';
import { shownText } from '@matchbook/protocol/shown-text';

/** Characters of a preview. */
const PREVIEW = 200;

/** JSON of what the list says of a message beside its text; null where there is nothing to say. */
export function factsOf(body: Body | null, fold: Folded | undefined): string | null {
  const facts: PreviewFacts = {
    ...(fold?.deleted ? { deleted: true } : {}),
    ...(fold && fold.edits.length > 0 ? { edited: true } : {}),
    ...filesIn(body),
  };
  return Object.keys(facts).length === 0 ? null : JSON.stringify(facts);
}

/** What the list says of the files of a message. */
export function filesIn(body: Body | null): Pick<PreviewFacts, 'files' | 'voice'> {
  const content = body && readContent(body);
  if (!content?.files?.length) return {};
  return { files: content.files.map(({ type }) => type), ...(isSpoken(content) ? { voice: true } : {}) };
}

/** JSON of a text: the beginning of what was said, as the list shows it. */
export function previewOf(body: Body | null): string {
  const text = body && (readContent(body)?.text ?? shownText(body));
  return text ? JSON.stringify(cut(plainText(text))) : '""';
}

/** Cut between characters, never within a surrogate pair. */
export const cut = (text: string): string => {
  if (text.length <= PREVIEW) return text;
  const last = text.charCodeAt(PREVIEW - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? PREVIEW - 1 : PREVIEW);
};
