import { KEPT_BYTES } from '@matchbook/protocol/bridge/choices';
import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { useMatchbook } from '../use-store.ts';

const GB = 1024 ** 3;
const LIMITS = [256 * 1024 ** 2, GB, KEPT_BYTES.usual, 5 * GB, 10 * GB, 50 * GB];

/** Copies of files on this device: how many bytes they may take, how many they do, and a way to be rid of them. */
export function KeptFiles({ limit, onLimit }: { limit: number; onLimit: (bytes: number) => void }) {
  const { files } = useMatchbook();
  const { say, failure, bytes } = useWords();
  const [used, setUsed] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const look = useCallback(
    async (asked: ReturnType<typeof files.kept>) => {
      const answer = await asked;
      if (answer.ok) setUsed(answer.value.bytes);
      else setError(failure(answer.failure));
    },
    [failure],
  );
  // A smaller limit makes room.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is used changes with the limit
  useEffect(() => void look(files.kept()), [files, look, limit]);
  const limits = [...new Set([...LIMITS, limit])].sort((a, b) => a - b);
  return (
    <>
      <Select
        label={say('kept.limit')}
        hint={say('kept.lead')}
        value={String(limit)}
        options={limits.map((value) => ({ value: String(value), label: bytes(value) }))}
        onChange={(value) => onLimit(Number(value))}
        setting="kept-limit"
        testId="kept-limit"
      />
      <div className="setting" data-setting="kept-use" data-testid="kept-use">
        <div className="setting-words">
          <span className="setting-label">{say('kept.title')}</span>
          <span className="fine" role="status">
            {error ?? (used === null ? '' : say('kept.used', { used: bytes(used), limit: bytes(limit) }))}
          </span>
          <progress className="meter" max={limit} value={Math.min(used ?? 0, limit)} aria-hidden="true" />
        </div>
        <button
          type="button"
          className="button"
          data-testid="kept-clear"
          disabled={used === 0}
          onClick={() => void look(files.forget())}
        >
          {say('kept.clear')}
        </button>
      </div>
    </>
  );
}
