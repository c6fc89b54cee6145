import { RotateCw } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import type { Answer } from './use-answer.ts';

/** That the server is being asked, or what it said no to; with a way to ask again. */
export function Problem({ answer }: { answer: Answer<unknown> }) {
  const { say } = useWords();
  if (answer.error !== null)
    return (
      <div className="server-problem">
        <p className="error" role="alert" data-testid="server-error">
          {answer.error}
        </p>
        <button type="button" className="button small" onClick={() => void answer.reload()}>
          <RotateCw size={14} aria-hidden="true" />
          {say('invite.again')}
        </button>
      </div>
    );
  return answer.value === null ? (
    <p className="progress" role="status">
      {say('server.loading')}
    </p>
  ) : null;
}
