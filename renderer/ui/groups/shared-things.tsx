import type { SharedItem } from '@matchbook/protocol/bridge/people';
import { ExternalLink, FileText, Film, Image } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { thumbnailUrl } from '../files/file-url.ts';
import { kindOf } from '../files/kinds.ts';
import { useMatchbook } from '../use-store.ts';

export type SharedKind = 'media' | 'files' | 'links';

const isMedia = (type: string) => /^(image|video)\//.test(type);
const EMPTY = { media: 'info.noMedia', files: 'info.noFiles', links: 'info.noLinks' } as const;

/** What was shared in a conversation, the newest first, page by page. */
export function SharedThings(props: {
  address: Address;
  what: SharedKind;
  nameOf: (user: string) => string;
}) {
  const { address, what, nameOf } = props;
  const { account, conv } = address;
  const store = useMatchbook();
  const { say, failure, short } = useWords();
  const [items, setItems] = useState<SharedItem[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(
    async (before: number | null) => {
      const answer = await store.groups.shared({ account, conv }, what === 'links' ? 'link' : 'file', before);
      if (!answer.ok) return setError(failure(answer.failure));
      setError(null);
      setItems((kept) => (before === null ? answer.value.items : [...(kept ?? []), ...answer.value.items]));
      setNext(answer.value.next);
    },
    [store, account, conv, what, failure],
  );
  useEffect(() => {
    setItems(null);
    void load(null);
  }, [load]);
  const lines = (items ?? []).flatMap((item) => linesOf(item, what).map((line) => ({ ...line, item })));
  return (
    <div className="shared">
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {items !== null && lines.length === 0 && next === null && <p className="fine">{say(EMPTY[what])}</p>}
      <ul>
        {lines.map(({ key, label, type, url, hash, item }) => (
          <li key={`${item.n}-${key}`}>
            <button
              type="button"
              className="shared-item"
              data-testid="shared-item"
              onClick={() =>
                url === null ? store.navigation.jumpTo(address, item.n) : void store.openLink(url)
              }
            >
              {hash !== null && kindOf({ type }) === 'picture' ? (
                <img
                  className="shared-picture"
                  src={thumbnailUrl(account, hash)}
                  alt=""
                  loading="lazy"
                  decoding="async"
                />
              ) : (
                <SharedIcon type={type} />
              )}
              <span className="shared-words">
                <bdi>{label}</bdi>
                <small>
                  {say('info.by', { name: nameOf(item.sender), time: short(item.time, Date.now()) })}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {next !== null && (
        <button type="button" className="button small" onClick={() => void load(next)}>
          {say('info.more')}
        </button>
      )}
    </div>
  );
}

interface Line {
  key: string;
  label: string;
  type: string;
  url: string | null;
  /** Of a file. */
  hash: string | null;
}

function linesOf(item: SharedItem, what: SharedKind): Line[] {
  if (what === 'links')
    return item.links.map((url, i) => ({ key: `${i}`, label: url, type: 'link', url, hash: null }));
  return item.files
    .filter(({ type }) => isMedia(type) === (what === 'media'))
    .map(({ hash, name, type }, i) => ({ key: `${hash}-${i}`, label: name, type, url: null, hash }));
}

function SharedIcon({ type }: { type: string }) {
  if (type === 'link') return <ExternalLink size={16} aria-hidden="true" />;
  if (type.startsWith('image/')) return <Image size={16} aria-hidden="true" />;
  return type.startsWith('video/') ? (
    <Film size={16} aria-hidden="true" />
  ) : (
    <FileText size={16} aria-hidden="true" />
  );
}
