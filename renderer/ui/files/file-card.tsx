import type { FileReference } from '@matchbook/protocol/message-body';
import { Download, File as FileIcon, FolderOpen, X } from 'lucide-react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { useDragOut } from './drag-out.tsx';
import { FileName } from './file-name.tsx';
import { endingOf } from './kinds.ts';
import { useQuantities } from './quantities.ts';

/** A file that is not shown: its name, what it is, and the way to have it. */
export function FileCard({ account, file }: { account: string; file: FileReference }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const { bytes } = useQuantities();
  const saving = useStore(store.files.state, ({ savings }) => savings[file.hash]);
  const runs = saving?.state === 'saving';
  const drag = useDragOut(account, file);
  const ending = endingOf(file.name);
  const line = runs ? (
    say('files.saving', { done: bytes(saving.received), size: bytes(file.size) })
  ) : saving?.state === 'saved' ? (
    say('files.saved')
  ) : (
    <>
      {/* Each in its own direction: else the one takes the number of the other. */}
      {ending && <bdi>{ending}</bdi>}
      {ending && ' · '}
      <bdi>{bytes(file.size)}</bdi>
    </>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its button does the same by keys, saving it
    <div
      className="file-card"
      data-testid="file-card"
      data-state={saving?.state}
      draggable
      onDragStart={drag}
    >
      <span className="file-icon" aria-hidden="true">
        <FileIcon size={22} />
      </span>
      <span className="file-words">
        <FileName name={file.name} />
        <span className="fine" aria-live="polite">
          {saving?.state === 'failed' && saving.failure && saving.failure.kind !== 'cancelled'
            ? say('files.failed', { reason: failure(saving.failure) })
            : line}
        </span>
        {runs && <progress className="bar-progress" max={Math.max(1, file.size)} value={saving.received} />}
      </span>
      {runs ? (
        <button
          type="button"
          className="button icon quiet"
          aria-label={say('files.cancel')}
          onClick={() => void store.files.cancelSave(saving.id)}
        >
          <X size={18} aria-hidden="true" />
        </button>
      ) : saving?.state === 'saved' ? (
        <button
          type="button"
          className="button icon quiet"
          aria-label={say('files.reveal')}
          title={say('files.reveal')}
          onClick={() => void store.files.reveal(saving.id)}
        >
          <FolderOpen size={18} aria-hidden="true" />
        </button>
      ) : (
        <button
          type="button"
          className="button icon quiet"
          data-testid="file-save"
          aria-label={say('files.saveOf', { name: file.name })}
          title={say('files.save')}
          onClick={() => void store.files.save(account, file)}
        >
          <Download size={18} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
