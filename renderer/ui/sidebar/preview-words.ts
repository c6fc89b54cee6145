import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { Words } from '../../i18n/words.tsx';

type Preview = NonNullable<ConversationRow['preview']>;

/** The last message in words: what became of it, what it has besides text. */
export function previewWords({ text, deleted, edited, files, voice }: Preview, { say }: Words): string {
  if (deleted) return say('timeline.erased');
  const besides = voice ? say('sidebar.voice') : files && files.length > 0 ? filesWords(files, say) : '';
  const said = [besides, text].filter(Boolean).join(' · ');
  return edited ? say('sidebar.edited', { text: said }) : said;
}

function filesWords(files: readonly string[], say: Words['say']): string {
  const count = files.length;
  const all = (kind: string) => files.every((type) => type.startsWith(kind));
  if (all('image/')) return say('sidebar.photos', { count });
  if (all('video/')) return say('sidebar.videos', { count });
  return all('audio/') ? say('sidebar.audios', { count }) : say('sidebar.files', { count });
}
