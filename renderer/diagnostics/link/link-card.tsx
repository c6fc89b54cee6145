import type { LinkOverview, Overview } from '@matchbook/protocol/bridge/diagnostics';
import { PlugZap, RefreshCw } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { statusWords } from '../../ui/status-words.ts';
import { useDesk, useKnown } from '../desk.ts';
import { duration, percentile } from '../quantities.ts';
import { closeWord } from './close-words.ts';
import { Fact } from './fact.tsx';
import { LinkPlots } from './link-plots.tsx';

interface LinkProps {
  link: LinkOverview;
  overview: Overview;
}

/** One account's connection: what it is, why, and what can be done about it. */
export function LinkCard({ link, overview }: LinkProps) {
  const desk = useDesk();
  const words = useWords();
  const { say } = words;
  const { account, state } = link;
  return (
    <section className="link-card" data-testid="link-card" data-account={account} data-state={state.kind}>
      <header className="link-head">
        <div className="link-title">
          <h2>
            <bdi>{link.name}</bdi>
            <span className="fine">
              <bdi>{link.serverName}</bdi>
              {link.embedded && ` (${say('link.here')})`}
            </span>
          </h2>
          <LinkStatus link={link} overview={overview} />
        </div>
        <div className="link-actions">
          <button
            type="button"
            className="button primary"
            data-testid="reconnect-now"
            onClick={() => void desk.reconnect(account)}
          >
            <RefreshCw size={16} aria-hidden="true" />
            {say('link.reconnect')}
          </button>
          <RestButton link={link} />
        </div>
      </header>
      <dl className="facts">
        <Times link={link} now={overview.now} />
        <LastEnd link={link} />
        <Flow link={link} now={overview.now} />
        <Place link={link} />
        <Waiting link={link} />
        <Fact name={say('link.servers')}>
          <span className="mono address">{say('link.api', { address: link.api })}</span>
          <span className="mono address">{say('link.relay', { address: link.relay })}</span>
        </Fact>
      </dl>
      <LinkPlots link={link} overview={overview} />
    </section>
  );
}

function LinkStatus({ link, overview }: LinkProps) {
  const { say, clock, failure } = useWords();
  const status = statusWords(link.state, link.embedded ? overview.embedded : null, true, overview.now);
  const times = Object.fromEntries(Object.entries(status.times).map(([key, at]) => [key, clock(at)]));
  const reason = status.reason ? { reason: failure(status.reason) } : {};
  return (
    <p className={`link-status tone-${status.tone}`} data-testid="link-status">
      <span className="link-dot" aria-hidden="true" />
      {say(status.id, { ...status.values, ...times, ...reason })}
    </p>
  );
}

function RestButton({ link: { account, state } }: { link: LinkOverview }) {
  const desk = useDesk();
  const { say } = useWords();
  const resting = state.kind === 'resting';
  return (
    <button
      type="button"
      className="button"
      data-testid={resting ? 'go-online' : 'go-offline'}
      onClick={() => void (resting ? desk.resume(account) : desk.rest(account))}
    >
      <PlugZap size={16} aria-hidden="true" />
      {say(resting ? 'link.goOnline' : 'link.goOffline')}
    </button>
  );
}

function Times({ link, now }: { link: LinkOverview; now: number }) {
  const words = useWords();
  const { say, clock } = words;
  const { state, since, attempts, counts } = link;
  const at = 'at' in state ? state.at : null;
  const seconds = at === null ? 0 : Math.ceil((at - now) / 1_000);
  const counted = Math.max(attempts, 'attempt' in state ? state.attempt : 0);
  return (
    <>
      <Fact name={say('link.since')}>
        {since === null
          ? '–'
          : say('link.sinceValue', { time: clock(since), age: duration(Math.max(0, now - since), words) })}
      </Fact>
      <Fact name={say('link.attempts')} testId="attempts">
        {at === null || seconds <= 0
          ? counted
          : seconds > 120
            ? say('link.attemptsAt', { attempts: counted, time: clock(at) })
            : say('link.attemptsNext', { attempts: counted, seconds })}
      </Fact>
      <Fact name={say('link.counts')} testId="counts">
        {say('link.countsValue', counts)}
      </Fact>
    </>
  );
}

/** The close code of a connection that was not closed, but broke. */
const BROKE = 1_006;

function LastEnd({ link: { lastEnd } }: { link: LinkOverview }) {
  const { say, clock, failure } = useWords();
  if (!lastEnd) return <Fact name={say('link.lastEnd')}>{say('link.noEnd')}</Fact>;
  const { at, phase, who, code, message } = lastEnd;
  // Of an end without a word its code says all there is, in the person's language.
  const said = code === BROKE ? '' : message;
  return (
    <Fact name={say('link.lastEnd')} testId="last-end">
      {say('link.endValue', {
        time: clock(at),
        phase: say(`link.phase.${phase}`),
        who: say(`link.who.${who}`),
        reason: lastEnd.failure
          ? failure(lastEnd.failure)
          : lastEnd.fault
            ? failure({ kind: lastEnd.fault, message })
            : said,
      }).trimEnd()}
      {code !== undefined && (
        <span className="fact-more">
          {say('link.endCode', { code: String(code), meaning: say(closeWord(code)) })}
        </span>
      )}
    </Fact>
  );
}

function Flow({ link: { stretches, lastTrip, lastData, state }, now }: { link: LinkOverview; now: number }) {
  const words = useWords();
  const { say, clock } = words;
  const trips = stretches.flatMap((stretch) => stretch.trips);
  const [median, high] = [percentile(trips, 0.5), percentile(trips, 0.95)];
  const heard = state.kind === 'live' ? Math.max(state.lastData, lastData ?? 0) : lastData;
  return (
    <>
      <Fact name={say('link.trip')} testId="round-trip">
        {lastTrip && median !== null && high !== null
          ? say('link.tripValue', {
              last: duration(lastTrip.ms, words),
              median: duration(median, words),
              high: duration(high, words),
            })
          : say('link.tripNone')}
      </Fact>
      <Fact name={say('link.data')} testId="last-data">
        {heard === null
          ? say('link.dataNone')
          : say('link.dataValue', { age: duration(Math.max(0, now - heard), words), time: clock(heard) })}
      </Fact>
    </>
  );
}

function Place({ link: { stored, head, state } }: { link: LinkOverview }) {
  const { say } = useWords();
  const own = 'behind' in state ? state.behind : null;
  return (
    <Fact name={say('link.place')} testId="place">
      {head === null || stored === null
        ? say('link.placeUnknown')
        : stored >= head
          ? say('link.placeWhole', { head })
          : say('link.placeBehind', { stored, head, behind: head - stored })}
      {own !== null && own > 0 && <span className="fact-more">{say('link.placeOwn', { behind: own })}</span>}
    </Fact>
  );
}

function Waiting({ link: { depths } }: { link: LinkOverview }) {
  const { say, moment } = useWords();
  const names = useKnown((known) => known.names);
  if (!depths)
    return (
      <Fact name={say('link.outbox')} testId="outbox-depth">
        {say('link.unknown')}
      </Fact>
    );
  const { outbox, holes } = depths;
  const empty = outbox.waiting === 0 && outbox.failed === 0;
  const title = (conv: string) => names.conversations.get(conv) || say('log.self');
  return (
    <>
      <Fact name={say('link.outbox')} testId="outbox-depth">
        {empty
          ? say('link.outboxEmpty')
          : say('link.outboxValue', { waiting: outbox.waiting, failed: outbox.failed })}
        {outbox.oldest !== null && (
          <span className="fact-more">{say('link.outboxOldest', { time: moment(outbox.oldest) })}</span>
        )}
      </Fact>
      <Fact name={say('link.holes')} testId="holes">
        {holes.ranges === 0
          ? say('link.holesNone')
          : say('link.holesValue', { entries: holes.entries, ranges: holes.ranges })}
        {holes.first.slice(0, 5).map(({ conv, from, to }) => (
          <span className="fact-more" key={`${conv} ${from}`}>
            {say('link.holeValue', { title: title(conv), from, to })}
          </span>
        ))}
      </Fact>
    </>
  );
}
