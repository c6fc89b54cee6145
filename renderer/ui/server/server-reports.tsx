import type { Names, Report } from '@matchbook/protocol/http/admin';
import type { FoldedMessage } from '@matchbook/protocol/http/history';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { shownText } from '@matchbook/protocol/shown-text';
import { useCallback, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useEverybody } from '../people/use-people.ts';
import { useMatchbook } from '../use-store.ts';
import { More } from './more.tsx';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** What people showed the admins: the message, what they added, and why. */
export function ServerReports(props: {
  account: string;
  /** Somebody's account is to be looked at. */
  onPerson: (user: string) => void;
}) {
  const { account, onPerson } = props;
  const { admin } = useMatchbook();
  const { say } = useWords();
  const [open, setOpen] = useState(true);
  const [count, setCount] = useState(1);
  const answer = useAnswer(
    useCallback(
      () => pages<Report>(({ length }) => admin.reports(account, open, length), count),
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
            onClick={() => {
              setOpen(which);
              setCount(1);
            }}
          >
            {say(which ? 'server.reportsOpen' : 'server.reportsClosed')}
          </button>
        ))}
      </fieldset>
      <Problem answer={answer} />
      <ul className="server-reports">
        {answer.value?.items.map((report) => (
          <li key={report.id} data-testid="server-report">
            <ReportCard
              account={account}
              report={report}
              names={answer.value?.names ?? {}}
              onPerson={onPerson}
              onClose={(note) => void answer.act(admin.closeReport(account, report.id, note))}
            />
          </li>
        ))}
      </ul>
      <More
        page={answer.value}
        nothing={say(open ? 'server.noReports' : 'server.noneDone')}
        onMore={() => setCount(count + 1)}
      />
    </div>
  );
}

function ReportCard(props: {
  account: string;
  report: Report;
  names: Names;
  onPerson: (user: string) => void;
  onClose: (note: string) => void;
}) {
  const { account, report, names, onPerson, onClose } = props;
  const { say, moment } = useWords();
  const people = useEverybody(account);
  const [note, setNote] = useState('');
  const id = useId();
  // An older server tells no names: of whom one shares no conversation with, the id alone is known.
  const nameOf = (user: string) => names[user] ?? people.get(user)?.name ?? user;
  const reported = report.evidence.find(({ entry }) => entry.n === report.n)?.entry.sender;
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
          <p dir="auto">{textOf(message) || say('server.noText')}</p>
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
          {reported !== undefined && (
            <button
              type="button"
              className="button"
              data-testid="server-report-person"
              onClick={() => onPerson(reported)}
            >
              {say('server.accountOf', { name: nameOf(reported) })}
            </button>
          )}
        </form>
      ) : (
        <p className="fine">
          {say(report.note ? 'server.closedBy' : 'server.closedByNoNote', {
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
  const text = body ? shownText(body) : null;
  return text === null ? null : plainText(text);
}
