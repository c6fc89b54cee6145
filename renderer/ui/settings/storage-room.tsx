import type { StorageUse } from '@matchbook/protocol/bridge/about';
import { HISTORY_BYTES } from '@matchbook/protocol/bridge/choices';
import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Confirm } from '../base/dialog.tsx';
import { Select } from '../base/select.tsx';
import { KeptFiles } from '../files/kept-files.tsx';
import { useMatchbook } from '../use-store.ts';
import type { RoomProps } from './room.ts';

const GB = 1024 ** 3;
const LIMITS = [256 * 1024 ** 2, GB, 2 * GB, HISTORY_BYTES.usual, 10 * GB, 20 * GB, 100 * GB];
/** Between two looks at what is used, ms: making room takes its time. */
const LOOK = 2_000;

export function StorageRoom({ known, change }: RoomProps) {
  const { preferences } = useMatchbook();
  const { say, failure, bytes } = useWords();
  const [use, setUse] = useState<StorageUse[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState<StorageUse | null>(null);
  const [cleared, setCleared] = useState(false);
  const look = useCallback(async () => {
    const answer = await preferences.storageUse();
    if (answer.ok) setUse(answer.value);
    else setError(failure(answer.failure));
  }, [preferences, failure]);
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), LOOK);
    return () => clearInterval(timer);
  }, [look]);
  const clear = async ({ account }: StorageUse) => {
    setAsked(null);
    const answer = await preferences.clearStorage(account);
    setCleared(answer.ok);
    setError(answer.ok ? null : failure(answer.failure));
  };
  const limit = known.storage.historyBytes;
  const limits = [...new Set([...LIMITS, limit])].sort((a, b) => a - b);
  return (
    <>
      <Select
        label={say('storage.limit')}
        hint={say('storage.limitHint')}
        value={String(limit)}
        options={limits.map((value) => ({ value: String(value), label: bytes(value) }))}
        onChange={(value) => change({ storage: { historyBytes: Number(value) } })}
        setting="history-limit"
        testId="history-limit"
      />
      {(use ?? []).map((one) => (
        <div className="setting" key={one.account} data-setting="history-use" data-testid="history-use">
          <div className="setting-words">
            <span className="setting-label">
              {use && use.length > 1 ? <bdi>{one.name}</bdi> : say('storage.use')}
            </span>
            <span className="fine">
              {say('storage.useValue', { bytes: bytes(one.bytes), messages: one.messages })}
            </span>
            <progress className="meter" max={limit} value={Math.min(one.bytes, limit)} aria-hidden="true" />
          </div>
          <button type="button" className="button" data-testid="history-clear" onClick={() => setAsked(one)}>
            {say('storage.clear')}
          </button>
        </div>
      ))}
      <KeptFiles
        limit={known.storage.keptBytes}
        onLimit={(keptBytes) => change({ storage: { keptBytes } })}
      />
      <p className={error === null ? 'fine' : 'error'} role="status">
        {error ?? (cleared ? say('storage.clearing') : '')}
      </p>
      {asked && (
        <Confirm
          open
          title={say('storage.clearTitle', { name: asked.name })}
          description={say('storage.clearLead')}
          action={say('storage.clearDo')}
          testId="history-clear-dialog"
          onConfirm={() => void clear(asked)}
          onCancel={() => setAsked(null)}
        />
      )}
    </>
  );
}
