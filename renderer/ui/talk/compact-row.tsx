import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { Paperclip } from 'lucide-react';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import { isShown, kindOf } from '../files/kinds.ts';
import { SmallSight } from '../files/small-sight.tsx';
import { wanted } from '../timeline/wanted.ts';
import { useRowWords } from './row-words.ts';

/** Pictures of a message that a list shows. */
const SIGHTS = 4;

/** A message in a list: who, when, the beginning of what they wrote, and what they sent with it. */
export function CompactRow(props: {
  account: string;
  row: TimelineRow;
  user: string;
  name: string;
  /** Where it is, in a list of several conversations. */
  place?: string;
  onOpen: (() => void) | null;
  /** Looks at a picture or film of it, by its hash, where that can be done from here. */
  onLook?: (hash: string) => void;
  children?: ReactNode;
}) {
  const { account, row, user, name, place, onOpen, onLook, children } = props;
  const { say, short } = useWords();
  const text = useRowWords(user)(row);
  const { deleted, body } = wanted(row, user);
  const said = deleted ? null : saidIn(body);
  const sights = (said?.files.filter(isShown) ?? []).slice(0, SIGHTS);
  // Without a text their names stand in its place.
  const others = said?.text ? said.files.filter((file) => !isShown(file)) : [];
  const inside = (
    <>
      <span className="compact-head">
        <bdi className="quote-who">{name}</bdi>
        {place !== undefined && <bdi className="fine">{place}</bdi>}
        <time className="fine" dateTime={new Date(row.time).toISOString()}>
          {short(row.time, Date.now())}
        </time>
      </span>
      <span className="compact-text" dir="auto">
        {text}
      </span>
      {sights.length > 0 && !onLook && (
        <span className="compact-sights">
          {sights.map((file, i) => (
            <SmallSight key={i} account={account} file={file} />
          ))}
        </span>
      )}
      {others.length > 0 && (
        <span className="compact-files">
          <Paperclip size={13} aria-hidden="true" />
          <bdi>{others.map((file) => file.name).join(', ')}</bdi>
        </span>
      )}
    </>
  );
  return (
    <li className="compact" data-testid="compact-row" data-n={row.n}>
      {onOpen ? (
        <button type="button" className="compact-open" onClick={onOpen}>
          {inside}
          <span className="only-read"> {say('shelf.open')}</span>
        </button>
      ) : (
        <div className="compact-open">{inside}</div>
      )}
      {sights.length > 0 && onLook && (
        <div className="compact-sights">
          {sights.map((file, i) => (
            <button
              key={i}
              type="button"
              data-testid="compact-sight"
              aria-label={say(kindOf(file) === 'picture' ? 'files.openPicture' : 'files.openVideo', {
                name: file.name,
              })}
              title={file.name}
              onClick={() => onLook(file.hash)}
            >
              <SmallSight account={account} file={file} />
            </button>
          ))}
        </div>
      )}
      {children && <div className="compact-actions">{children}</div>}
    </li>
  );
}

/** One that is not on this device yet: the way to its place, where it is fetched first. */
export function AbsentRow({ place, onOpen }: { place?: string; onOpen: () => void }) {
  const { say } = useWords();
  return (
    <li className="compact" data-testid="compact-absent">
      <button type="button" className="compact-open" onClick={onOpen}>
        {place !== undefined && (
          <span className="compact-head">
            <bdi className="fine">{place}</bdi>
          </span>
        )}
        <span className="compact-text fine">{say('shelf.notHere')}</span>
        <span className="only-read"> {say('shelf.open')}</span>
      </button>
    </li>
  );
}
