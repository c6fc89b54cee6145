import type { SharedItem, SharedKind } from '@matchbook/protocol/bridge/people';
import type { FileReference } from '@matchbook/protocol/message-body';
import { ExternalLink, MessageSquareText } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { SharedList } from '../../store/shared-list.ts';
import type { Address } from '../../store/state.ts';
import { FileCard } from '../files/file-card.tsx';
import { fileUrl } from '../files/file-url.ts';
import { kindOf } from '../files/kinds.ts';
import { SmallSight } from '../files/small-sight.tsx';
import { SoundPlayer } from '../files/sound-player.tsx';
import { useMatchbook } from '../use-store.ts';

const EMPTY = {
  media: 'info.noMedia',
  other: 'info.noFiles',
  file: 'info.noFiles',
  sound: 'info.noSounds',
  link: 'info.noLinks',
} as const;

interface Parts {
  address: Address;
  items: readonly SharedItem[];
  nameOf: (user: string) => string;
}

/** What was shared in a conversation, the newest first, page by page, by month. */
export function SharedThings(props: {
  address: Address;
  what: SharedKind;
  nameOf: (user: string) => string;
}) {
  const { address, what } = props;
  const { account, conv } = address;
  const store = useMatchbook();
  const [list, setList] = useState<SharedList | null>(null);
  useEffect(() => {
    const made = store.groups.shared({ account, conv }, what);
    setList(made);
    void made.start(null);
    return () => made.end();
  }, [store, account, conv, what]);
  return list?.what === what ? <Shared {...props} list={list} /> : null;
}

function Shared({
  address,
  what,
  nameOf,
  list,
}: Omit<Parts, 'items'> & { what: SharedKind; list: SharedList }) {
  const store = useMatchbook();
  const { say, failure: words, month } = useWords();
  const { items, older, missing, failure, asking, unasked } = useStore(list.state);
  const Body = what === 'media' ? Pictures : what === 'sound' ? Sounds : what === 'link' ? Links : Files;
  return (
    <div className="shared" data-testid={`shared-${what}`}>
      {failure && (
        <p className="error" role="alert">
          {words(failure)}
        </p>
      )}
      {items?.length === 0 && !older && !asking && <p className="fine">{say(EMPTY[what])}</p>}
      {byMonth(items ?? []).map((group) => (
        <section key={group[0]!.n} className="shared-month" aria-label={month(group[0]!.time)}>
          <h3>{month(group[0]!.time)}</h3>
          <Body address={address} items={group} nameOf={nameOf} />
        </section>
      ))}
      {asking ? (
        <p className="fine" role="status">
          {say('info.asking')}
        </p>
      ) : (
        older && (
          <button type="button" className="button small" onClick={() => void list.loadOlder()}>
            {say('info.more')}
          </button>
        )
      )}
      {unasked && !asking && (
        <p className="fine" data-testid="shared-unasked">
          {say('info.unasked', { reason: words(unasked) })}{' '}
          <button type="button" className="button small" onClick={() => void list.again()}>
            {say('files.tryAgain')}
          </button>
        </p>
      )}
      {items !== null && missing > 0 && !asking && (
        <p className="fine" data-testid="shared-missing">
          {say('info.missing', { count: missing })}{' '}
          {what === 'link' && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                store.finder.open(address.account, address.conv);
                store.finder.filter({ has: ['link'] });
              }}
            >
              {say('info.askServer')}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function Pictures({ address, items }: Parts) {
  const store = useMatchbook();
  const { say } = useWords();
  return (
    <ul className="shared-grid">
      {eachFile(items).map(({ key, file, item }) => (
        <li key={key}>
          <button
            type="button"
            className="shared-picture"
            data-testid="shared-item"
            aria-label={say(kindOf(file) === 'picture' ? 'files.openPicture' : 'files.openVideo', {
              name: file.name,
            })}
            title={file.name}
            onClick={() =>
              // What cannot be shown is led to.
              kindOf(file) === 'other'
                ? store.navigation.jumpTo(address, item.n)
                : store.files.look({ address, n: item.n, key: null, hash: file.hash })
            }
          >
            <SmallSight account={address.account} file={file} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Sounds({ address, items, nameOf }: Parts) {
  return (
    <ul className="shared-list">
      {eachFile(items).map(({ key, file, item }) => (
        <li key={key} data-testid="shared-item">
          <From address={address} item={item} nameOf={nameOf}>
            <SoundPlayer account={address.account} file={file} url={fileUrl(address.account, file.hash)} />
          </From>
        </li>
      ))}
    </ul>
  );
}

function Files({ address, items, nameOf }: Parts) {
  return (
    <ul className="shared-list">
      {eachFile(items).map(({ key, file, item }) => (
        <li key={key} data-testid="shared-item">
          <From address={address} item={item} nameOf={nameOf}>
            <FileCard account={address.account} file={file} />
          </From>
        </li>
      ))}
    </ul>
  );
}

function Links({ address, items, nameOf }: Parts) {
  const store = useMatchbook();
  return (
    <ul className="shared-list">
      {items.flatMap((item) =>
        item.links.map((url, i) => (
          <li key={`${item.n}-${i}`} data-testid="shared-item">
            <From address={address} item={item} nameOf={nameOf}>
              <button
                type="button"
                className="shared-link"
                title={url}
                onClick={() => void store.openLink(url)}
              >
                <ExternalLink size={16} aria-hidden="true" />
                <bdi>{url.replace(/^https?:\/\/(?:www\.)?/i, '')}</bdi>
              </button>
            </From>
          </li>
        )),
      )}
    </ul>
  );
}

/** With who shared it and when, which leads to the message. */
function From(props: {
  address: Address;
  item: SharedItem;
  nameOf: (user: string) => string;
  children: ReactNode;
}) {
  const { address, item, nameOf, children } = props;
  const store = useMatchbook();
  const { say, short } = useWords();
  const words = say('info.by', { name: nameOf(item.sender), time: short(item.time, Date.now()) });
  return (
    <>
      {children}
      <button
        type="button"
        className="shared-from"
        title={say('gallery.message')}
        onClick={() => store.navigation.jumpTo(address, item.n)}
      >
        <MessageSquareText size={13} aria-hidden="true" />
        {words}
      </button>
    </>
  );
}

function eachFile(items: readonly SharedItem[]): { key: string; file: FileReference; item: SharedItem }[] {
  return items.flatMap((item) =>
    item.files.map((file, i) => ({ key: `${item.n}-${i}-${file.hash}`, file, item })),
  );
}

/** Those of one month after the other, as they come. */
function byMonth(items: readonly SharedItem[]): SharedItem[][] {
  const months: SharedItem[][] = [];
  const monthOf = ({ time }: SharedItem) => {
    const date = new Date(time);
    return date.getFullYear() * 12 + date.getMonth();
  };
  for (const item of items) {
    const last = months.at(-1);
    if (last && monthOf(last[0]!) === monthOf(item)) last.push(item);
    else months.push([item]);
  }
  return months;
}
