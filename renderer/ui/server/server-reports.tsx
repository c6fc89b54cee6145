import type { Report } from '@matchbook/protocol/http/admin';
import type { FoldedMessage } from '@matchbook/protocol/http/history';
import { shownText } from '@matchbook/protocol/shown-text';
import { useCallback, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useEverybody } from '../people/use-people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** What people showed the admins: the message, what they added, and why. */
export function ServerReports({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const { say } = useWords();
  const [open, setOpen] = useState(true);
  const [count, setCount] = useState(1);
  const answer = useAnswer(
    useCallback(
      () => pages((offset) => admin.reports(account, open, offset), count),
      [admin, account, open, count],
    ),
  );
  return (
    <div className="server-part">
      <fieldset className="filters" aria-label={say('server.reports')}>
        {[true, false].map((which) => (
          <button
            key={String(which)}
            type="button"
            className="filter"
            aria-pressed={open === which}
            onClick={() => setOpen(which)}
          >
            {say(which ? 'server.reportsOpen' : 'server.reportsClosed')}
          </button>
        ))}
      </fieldset>
      <Problem answer={answer} />
      {answer.value?.items.length === 0 && <p className="fine">{say('server.noReports')}</p>}
      <ul className="server-reports">
        {answer.value?.items.map((report) => (
          <li key={report.id} data-testid="server-report">
            <ReportCard
              account={account}
              report={report}
              onClose={(note) => void answer.act(admin.closeReport(account, report.id, note))}
            />
          </li>
        ))}
      </ul>
      {answer.value?.more && (
        <button type="button" className="button small" onClick={() => setCount(count + 1)}>
          {say('server.more')}
        </button>
      )}
    </div>
  );
}

function ReportCard(props: { account: string; report: Report; onClose: (note: string) => void }) {
  const { account, report, onClose } = props;
  const { say, moment } = useWords();
  const people = useEverybody(account);
  const own = useKnown((state) => state.app?.accounts.find((one) => one.account === account));
  const [note, setNote] = useState('');
  const id = useId();
  // Of whom one shares no conversation with, the server tells the id alone.
  const nameOf = (user: string) => (user === own?.user ? own.name : (people.get(user)?.name ?? user));
  return (
    <article className="server-report">
      <p className="fine">
        {say('server.reportBy', { name: nameOf(report.reporter), time: moment(report.createdAt) })}
      </p>
      <p className="server-reason" dir="auto">
        {report.reason}
      </p>
      {report.evidence.map((message) => (
        <blockquote key={message.entry.n} data-reported={message.entry.n === report.n ? '' : undefined}>
          <small>
            {say('server.reportedMessage', {
              name: nameOf(message.entry.sender),
              time: moment(message.entry.time),
            })}
          </small>
          <p dir="auto">{textOf(message) ?? say('server.noText')}</p>
        </blockquote>
      ))}
      {report.closedAt === null ? (
        <form
          className="server-name"
          onSubmit={(event) => {
            event.preventDefault();
            onClose(note.trim());
          }}
        >
          <label className="field" htmlFor={id}>
            <span>{say('server.reportNote')}</span>
            <input
              id={id}
              className="input"
              dir="auto"
              value={note}
              maxLength={1_000}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
          <button type="submit" className="button" data-testid="server-report-close">
            {say('server.closeReport')}
          </button>
        </form>
      ) : (
        <p className="fine">
          {say('server.closedBy', {
            name: nameOf(report.closedBy ?? ''),
            time: moment(report.closedAt),
            note: report.note ?? '',
          })}
        </p>
      )}
    </article>
  );
}

function textOf({ entry, edits, deleted }: FoldedMessage): string | null {
  if (deleted) return null;
  const body = edits.at(-1)?.body ?? ('body' in entry ? entry.body : undefined);
  return body ? shownText(body) : null;
}
