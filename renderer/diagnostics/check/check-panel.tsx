import type { CheckResult, CheckStep } from '@matchbook/protocol/bridge/diagnostics';
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../../ui/base/select.tsx';
import { type Check, useDesk, useKnown } from '../desk.ts';
import { CHECK_ORDER } from './check-order.ts';

/** Step by step to the servers of an account and back, each with its time, what it found, and what to do about it. */
export function CheckPanel() {
  const desk = useDesk();
  const { say } = useWords();
  const links = useKnown((known) => known.overview?.links);
  const [chosen, setChosen] = useState<string | null>(null);
  const account = chosen ?? links?.[0]?.account ?? null;
  const check = useKnown((known) => (account === null ? undefined : known.checks[account]));
  if (account === null || !links) return <p className="diag-note">{say('diag.none')}</p>;
  const running = check?.running ?? null;
  const done = check !== undefined && running === null;
  return (
    <div className="diag-scroll">
      <section className="link-card" data-testid="check">
        <p className="diag-lead">{say('check.lead')}</p>
        {links.length > 1 && (
          <Select
            label={say('check.account')}
            value={account}
            options={links.map(({ account: value, name, serverName }) => ({
              value,
              label: `${name}, ${serverName}`,
            }))}
            onChange={setChosen}
          />
        )}
        <button
          type="button"
          className="button primary check-run"
          data-testid="check-run"
          aria-disabled={running !== null}
          onClick={() => void desk.check(account)}
        >
          {say(running === null ? 'check.run' : 'check.running')}
        </button>
        <ol className="check-steps" aria-busy={running !== null}>
          {CHECK_ORDER.map((step) => (
            <Step key={step} step={step} check={check} />
          ))}
        </ol>
        <p className="check-end" role="status" data-testid="check-end">
          {done && say(check.results.every(({ ok }) => ok) ? 'check.fine' : 'check.trouble')}
        </p>
      </section>
    </div>
  );
}

function Step({ step, check }: { step: CheckStep; check: Check | undefined }) {
  const { say } = useWords();
  const result = check?.results.find((one) => one.step === step);
  const running = check?.running === step;
  const state = result ? (result.ok ? 'ok' : 'bad') : running ? 'running' : 'waiting';
  return (
    <li className={`check-step is-${state}`} data-testid={`check-${step}`} data-result={state}>
      {ICONS[state]}
      <div>
        <p className="check-name">
          {say(`check.step.${step}`)}
          {result && <span className="fine">{say('check.took', { ms: Math.round(result.ms) })}</span>}
        </p>
        <p className="fine">
          {result ? (
            <Finding
              result={result}
              relayFailed={check?.results.some(({ step: one, ok }) => one === 'relay' && !ok) ?? false}
            />
          ) : (
            say(running ? 'check.running' : check && !check.running ? 'check.skipped' : 'check.waiting')
          )}
        </p>
      </div>
    </li>
  );
}

interface FindingProps {
  result: CheckResult;
  relayFailed: boolean;
}

function Finding({ result: { step, ok, found, detail }, relayFailed }: FindingProps) {
  const { say } = useWords();
  if (ok) return say(`check.ok.${step}`, { detail });
  return (
    <>
      {/* Only beside HTTP that works does a refused upgrade say something about upgrades. */}
      {found === 'upgrade' && relayFailed
        ? say('check.found.neither')
        : say(`check.found.${found}`, { detail })}
      {detail && found !== 'clock' && <span className="fact-more">{say('check.detail', { detail })}</span>}
    </>
  );
}

const ICONS = {
  ok: <CircleCheck size={18} aria-hidden="true" />,
  bad: <CircleAlert size={18} aria-hidden="true" />,
  running: <LoaderCircle size={18} className="spin" aria-hidden="true" />,
  waiting: <CircleDashed size={18} aria-hidden="true" />,
};
