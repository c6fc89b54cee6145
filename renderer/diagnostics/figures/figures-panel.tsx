import type { Figures, ProcessUse, Spread } from '@matchbook/protocol/bridge/figures';
import { useEffect, useRef } from 'react';
import { useWords, type Words } from '../../i18n/words.tsx';
import { useDesk, useKnown } from '../desk.ts';
import { Fact } from '../link/fact.tsx';
import { duration } from '../quantities.ts';

/** Between two looks, ms. */
const LOOK = 2_000;

/** What the app has cost since it started, and what it costs now, beside what it promises. */
export function FiguresPanel() {
  const desk = useDesk();
  const words = useWords();
  const { say } = words;
  const figures = useKnown((known) => known.figures);
  useEffect(() => desk.watchFigures(LOOK), [desk]);
  if (!figures) return <p className="diag-note">{say('figures.loading')}</p>;
  const { start, hidden, bubble, queued, frames, caughtUp } = figures;
  return (
    <div className="diag-scroll">
      <section className="link-card" data-testid="figures-felt">
        <h2>{say('figures.felt')}</h2>
        <p className="diag-lead">{say('figures.lead')}</p>
        <dl className="facts">
          <Fact name={say('figures.start')} testId="figure-start">
            {start === null ? say('figures.startNone') : duration(start, words)}
          </Fact>
          <Fact name={say('figures.bubble')} testId="figure-bubble">
            <Spreaded spread={bubble} words={words} />
          </Fact>
          <Fact name={say('figures.queued')} testId="figure-queued">
            <Spreaded spread={queued} words={words} />
          </Fact>
          <Fact name={say('figures.frames')} testId="figure-frames">
            {say('figures.framesValue', { count: frames.count })}
            {frames.count > 0 && (
              <span className="fact-more">
                {say('figures.longest', { time: duration(frames.longest, words) })}
              </span>
            )}
          </Fact>
          <Fact name={say('figures.caughtUp')} testId="figure-caught-up">
            {caughtUp
              ? say('figures.caughtUpValue', {
                  count: caughtUp.entries,
                  time: duration(caughtUp.ms, words),
                })
              : say('figures.caughtUpNone')}
          </Fact>
          <Fact name={say('figures.hidden')} testId="figure-hidden">
            {hidden
              ? say('figures.hiddenValue', {
                  percent: hidden.percent / 100,
                  time: duration(hidden.seconds * 1_000, words),
                })
              : say('figures.hiddenNone')}
          </Fact>
        </dl>
      </section>
      <Processes figures={figures} />
    </div>
  );
}

function Spreaded({ spread, words }: { spread: Spread | null; words: Words }) {
  if (!spread) return words.say('figures.none');
  return (
    <>
      {words.say('figures.spread', {
        middle: duration(spread.p50, words),
        high: duration(spread.p99, words),
      })}
      <span className="fact-more">{words.say('figures.of', { count: spread.count })}</span>
    </>
  );
}

function Processes({ figures: { now, processes } }: { figures: Figures }) {
  const words = useWords();
  const { say } = words;
  const before = useRef<{ now: number; processes: readonly ProcessUse[] } | null>(null);
  const last = before.current;
  useEffect(() => {
    before.current = { now, processes };
  }, [now, processes]);
  /** Of one processor since the last look, between 0 and its number of processors; null where it is not known yet. */
  const share = ({ pid, cpu }: ProcessUse): number | null => {
    const then = last?.processes.find((one) => one.pid === pid)?.cpu;
    if (!last || now <= last.now || cpu === null || then === null || then === undefined) return null;
    return (cpu - then) / ((now - last.now) / 1_000);
  };
  const memory = processes.reduce((sum, one) => sum + one.memory, 0);
  return (
    <section className="link-card" data-testid="figures-processes">
      <h2>{say('figures.processes')}</h2>
      <table className="figures-table">
        <thead>
          <tr>
            <th scope="col">{say('figures.process')}</th>
            <th scope="col">{say('figures.cpu')}</th>
            <th scope="col">{say('figures.cpuTime')}</th>
            <th scope="col">{say('figures.memory')}</th>
          </tr>
        </thead>
        <tbody>
          {processes.map((one) => {
            const now = share(one);
            return (
              <tr key={one.pid} data-testid="process-row" data-kind={one.kind}>
                <th scope="row">
                  {say(`figures.kind.${one.kind}`)} <span className="fine">{one.pid}</span>
                </th>
                <td>{now === null ? '–' : say('figures.percent', { percent: now })}</td>
                <td>{one.cpu === null ? '–' : duration(one.cpu * 1_000, words)}</td>
                <td>{words.bytes(one.memory)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="fine">{say('figures.shared', { sum: words.bytes(memory) })}</p>
    </section>
  );
}
