import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { LIMITS } from '@matchbook/protocol/limits';
import { CircleAlert } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';

/** From this share of the limit on, what is left is said. */
const NEAR = 0.9;

export interface Said {
  bytes: number;
  /** The text has characters that no message may have. */
  invalid: boolean;
  failure: LocalFailure | null;
  /** What became of the last thing that was done. */
  told: string | null;
}

/** Why the text cannot be sent as it stands, or was not; null where nothing is wrong with it. */
export function useFault({ bytes, invalid, failure }: Said): string | null {
  const { say, failure: words } = useWords();
  const over = bytes - LIMITS.bodyBytes;
  if (invalid) return say('composer.invalid');
  if (over > 0) return say('composer.over', { over, limit: LIMITS.bodyBytes / 1_024 });
  return failure ? say('composer.kept', { reason: words(failure) }) : null;
}

/** The line above the composer. */
export function ComposerSaid(props: { id: string; said: Said; fault: string | null; onAsFile: () => void }) {
  const { id, said, fault, onAsFile } = props;
  const { bytes, invalid, told } = said;
  const { say } = useWords();
  return (
    <div className="composer-said" id={id} aria-live="polite">
      {fault !== null ? (
        <p className="error" data-testid="composer-failure">
          <CircleAlert size={15} aria-hidden="true" />
          {fault}
          {bytes > LIMITS.bodyBytes && !invalid && (
            <button type="button" className="button small" data-testid="as-file" onClick={onAsFile}>
              {say('composer.asFile')}
            </button>
          )}
        </p>
      ) : told !== null ? (
        <p className="fine" data-testid="composer-told">
          {told}
        </p>
      ) : bytes > NEAR * LIMITS.bodyBytes ? (
        <p className="fine">{say('composer.left', { left: LIMITS.bodyBytes - bytes })}</p>
      ) : null}
    </div>
  );
}
