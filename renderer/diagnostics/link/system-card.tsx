import type { Overview } from '@matchbook/protocol/bridge/diagnostics';
import type { EmbeddedServer } from '@matchbook/protocol/bridge/embedded';
import { useWords } from '../../i18n/words.tsx';
import { duration, size } from '../quantities.ts';
import { Fact } from './fact.tsx';

/** The supervisor loads a session part again that is silent for longer. */
const SILENT = 6_000;

/** What the connections stand on: the session part, the network, the servers in this app, the versions. */
export function SystemCard({ overview }: { overview: Overview }) {
  const words = useWords();
  const { say, clock } = words;
  const { host, online, embedded, versions, log, now } = overview;
  const quiet = Math.max(0, now - Math.max(host.lastReport, host.startedAt));
  return (
    <section className="link-card" data-testid="system-card">
      <h2>{say('system.title')}</h2>
      <dl className="facts">
        <Fact name={say('system.host')} testId="session-part">
          {say(quiet > SILENT ? 'system.hostSilent' : 'system.hostFine', { age: duration(quiet, words) })}
          <span className="fact-more">
            {say('system.hostStarts', { starts: host.starts, time: clock(host.startedAt) })}
          </span>
        </Fact>
        <Fact name={say('system.network')}>{say(online ? 'system.online' : 'system.offlineNow')}</Fact>
        {embedded && (
          <>
            <Server name={say('system.relay')} server={embedded.relay} />
            <Server name={say('system.api')} server={embedded.api} />
            {embedded.lan.front && <Server name={say('system.front')} server={embedded.lan.front} />}
            {embedded.lan.keyTrouble && (
              <Fact name={say('system.front')}>
                {say('lan.noKey')}
                <span className="fact-more">{embedded.lan.keyTrouble.detail}</span>
              </Fact>
            )}
          </>
        )}
        <Fact name={say('system.versions')}>
          {say('system.versionsValue', { ...versions, protocol: String(versions.protocol) })}
        </Fact>
        <Fact name={say('system.system')}>{versions.system}</Fact>
        <Fact name={say('system.log')}>
          {say('system.logValue', {
            events: Math.max(0, log.last - log.first + 1),
            bytes: size(log.bytes, words),
          })}
        </Fact>
      </dl>
    </section>
  );
}

function Server({ name, server }: { name: string; server: EmbeddedServer }) {
  const { say, clock } = useWords();
  const { state, since, pid, at, attempt, detail } = server;
  return (
    <Fact name={name}>
      {say('system.server', { state, time: clock(since) })}
      {pid !== null && <span className="fact-more">{say('system.serverPid', { pid: String(pid) })}</span>}
      {at !== null && (
        <span className="fact-more">{say('system.serverAgain', { time: clock(at), attempt })}</span>
      )}
      {detail !== null && state !== 'running' && <span className="fact-more">{detail}</span>}
    </Fact>
  );
}
