import type { DeadLetter } from '@matchbook/protocol/http/admin';
import { useCallback, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Confirm } from '../base/dialog.tsx';
import { useMatchbook } from '../use-store.ts';
import { More } from './more.tsx';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** Dead letters: looked at, tried again, let go. */
export function ServerLetters({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const { say, moment } = useWords();
  const [count, setCount] = useState(1);
  const [dropping, setDropping] = useState<DeadLetter | null>(null);
  const answer = useAnswer(
    useCallback(
      () => pages<DeadLetter>(({ length }) => admin.deadLetters(account, length), count),
      [admin, account, count],
    ),
  );
  return (
    <div className="server-part">
      <p className="fine">{say('server.lettersLead')}</p>
      <Problem answer={answer} />
      <ul className="server-reports">
        {answer.value?.items.map((letter) => (
          <li key={letter.letter} className="server-report" data-testid="server-letter">
            <p>{say(`server.letter.${letter.way}`, { reason: letter.reason })}</p>
            <p className="fine">
              {say('server.letterAt', { kind: kindOf(letter), time: moment(letter.createdAt) })}
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keys */}
            <pre className="mono" dir="ltr" tabIndex={0}>
              {JSON.stringify(letter.item, null, 1)}
            </pre>
            <span className="server-actions">
              <button
                type="button"
                className="button small"
                data-testid="server-retry"
                onClick={() => void answer.act(admin.retryLetter(account, letter.letter))}
              >
                {say('server.retry')}
              </button>
              <button
                type="button"
                className="button small"
                data-testid="server-drop"
                onClick={() => setDropping(letter)}
              >
                {say('server.drop')}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <More page={answer.value} nothing={say('server.noLetters')} onMore={() => setCount(count + 1)} />
      <Confirm
        open={dropping !== null}
        title={say('server.dropTitle')}
        description={say('server.dropLead')}
        action={say('server.drop')}
        dangerous
        testId="confirm-drop"
        onCancel={() => setDropping(null)}
        onConfirm={() => {
          if (dropping) void answer.act(admin.dropLetter(account, dropping.letter));
          setDropping(null);
        }}
      />
    </div>
  );
}

const kindOf = ({ item }: DeadLetter): string => {
  const { kind, reg } = item as { kind?: unknown; reg?: unknown };
  return String(kind ?? reg ?? '?');
};
