/** A reply that was typed into a notification. */
import type { LocalStore } from '../local-store/local-store.ts';

/** Into the outbox; where that does not take it, into the draft before what stands there, and the reason is thrown. */
export async function replyFromOutside(
  store: Pick<LocalStore, 'submit' | 'readDraft' | 'saveDraft'>,
  message: { account: string; conv: string; id: string; text: string },
): Promise<void> {
  const { account, conv, text } = message;
  try {
    // Version 0: whatever is in the draft is another text, and stays.
    await store.submit({ ...message, draftVersion: 0 });
  } catch (error) {
    const draft = await store.readDraft({ account, conv });
    await store.saveDraft({ account, conv, text: draft.text === '' ? text : `${text}\n${draft.text}` });
    throw error;
  }
}
