import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { useQuantities } from './quantities.ts';

/** What became of saving a file that is shown and has no card; nothing before. */
export function SavedLine({ hash }: { hash: string }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const { bytes } = useQuantities();
  const saving = useStore(store.files.state, ({ savings }) => savings[hash]);
  if (saving?.state === 'saving')
    return (
      <>
        {say('files.saving', { done: bytes(saving.received), size: bytes(saving.size) })}{' '}
        <button type="button" className="button small" onClick={() => void store.files.cancelSave(saving.id)}>
          {say('files.cancel')}
        </button>
      </>
    );
  if (saving?.state === 'saved')
    return (
      <button type="button" className="button small" onClick={() => void store.files.reveal(saving.id)}>
        {say('files.saved')} · {say('files.reveal')}
      </button>
    );
  if (!saving?.failure || saving.failure.kind === 'cancelled') return null;
  return say('files.failed', { reason: failure(saving.failure) });
}
