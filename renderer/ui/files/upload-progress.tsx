import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { Pause, Play, X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { useQuantities } from './quantities.ts';

/** How far the files of a message are that waits for them, and ways to stop them: for a while, or for good. Then it is all back in the composer, where what was not meant is taken out. */
export function UploadProgress({ address, row }: { address: Address; row: TimelineRow }) {
  const store = useMatchbook();
  const { say, failure, clock } = useWords();
  const { bytes } = useQuantities();
  const transfer = useStore(store.files.state, ({ transfers }) => transfers[`${address.account}/${row.id}`]);
  useEffect(() => void store.files.follow(address.account), [store, address.account]);
  const held = row.waits?.held === true;
  const [done, size] = [bytes(transfer?.sent ?? 0), bytes(transfer?.size ?? 0)];
  const words =
    held && transfer
      ? say('files.paused', { done, size })
      : transfer?.failure
        ? failure(transfer.failure)
        : transfer?.state === 'sending'
          ? say('files.progress', { done, size })
          : say('files.waiting');
  const again =
    transfer?.failure && transfer.nextAt !== null
      ? say('files.again', { when: clock(transfer.nextAt) })
      : null;
  return (
    <div
      className="upload"
      data-testid="upload"
      data-state={held ? 'paused' : (transfer?.state ?? 'waiting')}
    >
      <progress
        className="bar-progress"
        max={Math.max(1, transfer?.size ?? 1)}
        value={transfer?.sent ?? 0}
        aria-label={words}
      />
      <span className="fine">{again === null ? words : `${words} ${again}`}</span>
      <button
        type="button"
        className="button icon quiet small-icon"
        aria-label={say(held ? 'files.resume' : 'files.pause')}
        title={say(held ? 'files.resume' : 'files.pause')}
        data-testid="upload-pause"
        onClick={() => void store.sending.hold(address, row, !held)}
      >
        {held ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
      </button>
      <button
        type="button"
        className="button icon quiet small-icon"
        aria-label={say('files.cancelUpload')}
        title={say('files.cancelUpload')}
        data-testid="upload-cancel"
        onClick={() => {
          void store.sending.toDraft(address, row);
          focusComposer();
        }}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
