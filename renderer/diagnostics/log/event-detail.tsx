import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useDesk } from '../desk.ts';
import { CAREFUL, exportOf } from '../export/export-text.ts';
import { closeWord, isClose } from '../link/close-words.ts';
import { Fact } from '../link/fact.tsx';
import { duration, size } from '../quantities.ts';
import { preciseTime, titleOf } from './about.ts';
import type { Names } from './names.ts';

interface EventDetailProps {
  event: NumberedEvent;
  names: Names;
  onFollowId: (id: string) => void;
  onClose: () => void;
}

/** Everything that is known of one event. An id leads to all events that name it: a message's whole story. */
export function EventDetail({ event, names, onFollowId, onClose }: EventDetailProps) {
  const desk = useDesk();
  const words = useWords();
  const { say, moment } = words;
  const { no, at, via, type, dir, account, conv, ids, count, n, seq, ms, wait, code, contents } = event;
  const copy = () => {
    const { lines } = exportOf(
      [event],
      { ...CAREFUL, replaceNames: false },
      { names, overview: null, now: at },
    );
    void desk.copy(lines[1]!);
  };
  const rows: [name: string, value: ReactNode][] = [
    [say('log.time'), `${moment(at)}, ${preciseTime(at, words)}`],
    [
      say('detail.via'),
      dir === null ? say('detail.via.life') : `${say(`detail.via.${via}`)}, ${say(`log.${dir}`)}`,
    ],
  ];
  if (via !== 'life') rows.push([say('log.size'), size(event.size, words)]);
  if (account !== null) rows.push([say('log.account'), names.accounts.get(account) ?? account]);
  if (conv !== undefined)
    rows.push([
      say('detail.conv'),
      <IdLink key="conv" id={conv} text={titleOf(conv, names, words)} onFollow={onFollowId} />,
    ]);
  if (ids && ids.length > 0)
    rows.push([
      say('detail.ids'),
      <span key="ids" className="detail-ids">
        {ids.map((id) => (
          <IdLink key={id} id={id} text={id} onFollow={onFollowId} />
        ))}
        {count !== undefined && count > ids.length && say('detail.idsMore', { more: count - ids.length })}
      </span>,
    ]);
  if (n) rows.push([say('detail.places'), n[0] === n[1] ? String(n[0]) : `${n[0]} – ${n[1]}`]);
  if (seq !== undefined) rows.push([say('detail.seq'), String(seq)]);
  if (ms !== undefined) rows.push([say('detail.took'), duration(ms, words)]);
  if (code !== undefined)
    rows.push([say('detail.code'), isClose(via, code) ? `${code}: ${say(closeWord(code))}` : String(code)]);
  if (wait !== undefined) rows.push([say('detail.words'), say('log.waits', { time: duration(wait, words) })]);
  if (event.words !== undefined) rows.push([say('detail.words'), <bdi key="words">{event.words}</bdi>]);
  return (
    <aside className="detail" aria-label={say('detail.label')} data-testid="event-detail">
      <header>
        <h2>
          {type} <span className="fine">#{no}</span>
        </h2>
        <button
          type="button"
          className="button icon quiet small"
          aria-label={say('detail.close')}
          onClick={onClose}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </header>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
      {via !== 'life' && (
        <>
          <h3>{say('detail.contents')}</h3>
          {contents === undefined ? (
            <p className="fine">{say('detail.contentsNone')}</p>
          ) : (
            <pre
              className="detail-contents"
              data-testid="event-contents"
              dir="auto"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
              tabIndex={0}
            >
              {indented(contents)}
            </pre>
          )}
        </>
      )}
      <button type="button" className="button small" onClick={copy}>
        {say('detail.copy')}
      </button>
    </aside>
  );
}

function IdLink({ id, text, onFollow }: { id: string; text: string; onFollow: (id: string) => void }) {
  const { say } = useWords();
  return (
    <button
      type="button"
      className="detail-id"
      data-testid="follow-id"
      title={say('detail.follow', { id })}
      onClick={() => onFollow(id)}
    >
      <bdi>{text}</bdi>
    </button>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
