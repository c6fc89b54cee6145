import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';

/** In the place of what cannot be shown: why, and a way to try again. */
export function Missing(props: {
  account: string;
  hash: string;
  /** Where nothing else saves what this engine cannot show. */
  onSave?: () => void;
  onRetry: () => void;
}) {
  const { account, hash, onSave, onRetry } = props;
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [why, setWhy] = useState<LocalFailure | null | 'unknown'>('unknown');
  useEffect(() => {
    let gone = false;
    void store.files.why(account, hash).then((answer) => gone || setWhy(answer));
    return () => {
      gone = true;
    };
  }, [store, account, hash]);
  if (why === 'unknown') return null;
  return (
    <div className="file-missing" data-testid="file-missing">
      <CloudOff size={18} aria-hidden="true" />
      <p>{why === null ? say('files.cannotShow') : say('files.notHere', { reason: failure(why) })}</p>
      {why === null && onSave && (
        <button type="button" className="button small" onClick={onSave}>
          {say('files.save')}
        </button>
      )}
      {why !== null && (
        <button type="button" className="button small" onClick={onRetry}>
          {say('files.tryAgain')}
        </button>
      )}
    </div>
  );
}
