import type { ExportCheck, ExportState, ExportSummary } from '@matchbook/protocol/bridge/export';
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { CircleAlert, CircleCheck, FolderOpen, LoaderCircle } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { useMatchbook } from '../use-store.ts';
import './export.css';

/** One's own data as files: written, followed, cancelled, gone on with, and checked. */
export function ExportDialog({ account, onClose }: { account: AccountSummary; onClose: () => void }) {
  const { exports: desk } = useMatchbook();
  const { say, failure } = useWords();
  const state = useStore(desk.state, (known) => known.exports[account.account]);
  const check = useStore(desk.state, (known) => known.check);
  const failed = useStore(desk.state, (known) => known.failure);
  useEffect(() => void desk.open(account.account), [desk, account.account]);
  const runs = state !== undefined && !['done', 'cancelled', 'failed'].includes(state.phase);
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('mydata.title')}
      description={say('mydata.lead', { name: account.name })}
      testId="export-dialog"
    >
      <div className="export" data-testid="export" data-phase={state?.phase}>
        {state && runs && <Progress state={state} onCancel={() => void desk.cancel(account.account)} />}
        {state && !runs && <Ended state={state} onReveal={() => void desk.reveal(account.account)} />}
        {failed && (
          <p className="error" role="alert" data-testid="export-failure">
            <CircleAlert size={15} aria-hidden="true" />
            {failure(failed)}
          </p>
        )}
        {check === 'reading' ? (
          <p className="progress appears-late" role="status">
            <LoaderCircle size={15} className="spin" aria-hidden="true" /> {say('mydata.checking')}
          </p>
        ) : (
          check && <Checked check={check} />
        )}
        <div className="export-actions">
          <button
            type="button"
            className="button"
            data-testid="export-check"
            disabled={check === 'reading'}
            onClick={() => void desk.check()}
          >
            {say('mydata.check')}
          </button>
          <button
            type="button"
            className="button primary"
            data-testid="export-begin"
            disabled={runs}
            onClick={() => void desk.begin(account.account)}
          >
            {say(state && !runs && state.phase === 'done' ? 'mydata.again' : 'mydata.begin')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function Progress({ state, onCancel }: { state: ExportState; onCancel: () => void }) {
  const { say, number } = useWords();
  const { phase, done, of, resumed } = state;
  const words =
    phase === 'fetching'
      ? say('mydata.fetching', { done: number(done), of: number(of) })
      : phase === 'conversations'
        ? say('mydata.conversations', { done: number(done), of: number(of) })
        : phase === 'files'
          ? say('mydata.files', { done: number(done), of: number(of) })
          : say('mydata.closing', { done: number(done), of: number(of) });
  return (
    <div className="export-run">
      <progress
        className="bar-progress"
        max={Math.max(1, of)}
        value={done}
        aria-label={say('mydata.progress')}
      />
      <p className="fine" aria-live="off">
        {words}
      </p>
      {resumed && <p className="fine">{say('mydata.resumed')}</p>}
      <button type="button" className="button small" data-testid="export-cancel" onClick={onCancel}>
        {say('mydata.cancel')}
      </button>
    </div>
  );
}

function Ended({ state, onReveal }: { state: ExportState; onReveal: () => void }) {
  const { say, failure, bytes } = useWords();
  const { phase, summary } = state;
  return (
    <div className="export-run" role="status">
      {phase === 'done' && summary && (
        <>
          <p className="export-good" data-testid="export-done">
            <CircleCheck size={16} aria-hidden="true" />
            {say('mydata.done', {
              messages: summary.messages,
              conversations: summary.conversations,
              files: summary.files,
              size: bytes(summary.bytes),
            })}
          </p>
          <Missing summary={summary} />
        </>
      )}
      {phase === 'cancelled' && <p className="fine">{say('mydata.cancelled')}</p>}
      {phase === 'failed' && state.failure && (
        <p className="error">
          <CircleAlert size={15} aria-hidden="true" />
          {say('mydata.failed', { reason: failure(state.failure) })}
        </p>
      )}
      <p className="fine export-folder">
        <bdi>{state.folder}</bdi>
      </p>
      {phase === 'done' && (
        <button type="button" className="button small" onClick={onReveal}>
          <FolderOpen size={14} aria-hidden="true" />
          {say('mydata.reveal')}
        </button>
      )}
    </div>
  );
}

/** What nobody had, where it is so. */
function Missing({ summary }: { summary: ExportSummary }) {
  const { say } = useWords();
  const { missingEntries: entries, missingFiles: files, unanswered } = summary;
  return (
    <>
      {entries > 0 && (
        <p className="fine">
          {say(
            unanswered === 'sign-in'
              ? 'mydata.lockedEntries'
              : unanswered
                ? 'mydata.unansweredEntries'
                : 'mydata.missingEntries',
            { count: entries },
          )}
        </p>
      )}
      {files > 0 && (
        <p className="fine">
          {say(unanswered ? 'mydata.unansweredFiles' : 'mydata.missingFiles', { count: files })}
        </p>
      )}
      {unanswered && entries + files > 0 && (
        <p className="fine" data-testid="export-unanswered">
          {say(unanswered === 'sign-in' ? 'mydata.signInFirst' : 'mydata.whenItAnswers')}
        </p>
      )}
    </>
  );
}

function Checked({ check }: { check: ExportCheck }) {
  const { say, moment, bytes } = useWords();
  const { summary, faults, named } = check;
  return (
    <div className="export-run" role="status" data-testid="export-checked" data-faults={faults}>
      <p className={faults === 0 ? 'export-good' : 'error'}>
        {faults === 0 ? (
          <CircleCheck size={16} aria-hidden="true" />
        ) : (
          <CircleAlert size={15} aria-hidden="true" />
        )}
        {faults === 0 ? say('mydata.whole') : say('mydata.broken', { count: faults })}
      </p>
      {faults > 0 && (
        <ul className="export-faults">
          {named.map(({ path, fault }) => (
            <li key={path}>{say(`mydata.fault.${fault}`, { path })}</li>
          ))}
        </ul>
      )}
      <p className="fine">
        {say('mydata.of', {
          name: check.name,
          server: check.server,
          when: moment(Date.parse(check.created)),
        })}{' '}
        {say('mydata.done', {
          messages: summary.messages,
          conversations: summary.conversations,
          files: summary.files,
          size: bytes(summary.bytes),
        })}
      </p>
      <Missing summary={summary} />
    </div>
  );
}
