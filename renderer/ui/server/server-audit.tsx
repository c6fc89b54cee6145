import { AUDIT_ABOUT, type AuditAbout, type AuditEntry } from '@matchbook/protocol/http/admin';
import { useCallback, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { useMatchbook } from '../use-store.ts';
import { auditWords } from './audit-words.ts';
import { More } from './more.tsx';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

const ABOUT = ['all', ...AUDIT_ABOUT] as const;

/** What admins did, the newest first. Nobody can take anything out of it. */
export function ServerAudit({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const words = useWords();
  const { say, moment } = words;
  const [about, setAbout] = useState<AuditAbout | 'all'>('all');
  const [count, setCount] = useState(1);
  const answer = useAnswer(
    useCallback(
      () => pages<AuditEntry>((before) => admin.audit(account, about, before.at(-1)?.place ?? null), count),
      [admin, account, about, count],
    ),
  );
  return (
    <div className="server-part">
      <p className="fine">{say('server.auditLead')}</p>
      <Select
        label={say('server.auditAbout')}
        value={about}
        options={ABOUT.map((value) => ({ value, label: say(`server.about.${value}`) }))}
        onChange={(next) => {
          setAbout(next);
          setCount(1);
        }}
        testId="server-audit-about"
      />
      <Problem answer={answer} />
      <ol className="server-list">
        {answer.value?.items.map((entry) => (
          <li key={entry.place} data-testid="server-audit-entry" data-action={entry.action}>
            <span className="server-words">
              <span dir="auto">{auditWords(entry, answer.value?.names ?? {}, words)}</span>
              <small>{moment(entry.time)}</small>
            </span>
          </li>
        ))}
      </ol>
      <More page={answer.value} nothing={say('server.noAudit')} onMore={() => setCount(count + 1)} />
    </div>
  );
}
