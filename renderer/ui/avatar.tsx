import { NotebookPen } from 'lucide-react';
import { useState } from 'react';
import { thumbnailUrl } from './files/file-url.ts';
import { pictureOf } from './files/pictures.ts';
import { hueOf, initials } from './people.ts';
import { useKnown } from './use-store.ts';

/**
 * Who somebody is: their picture, or their initials on a colour that stays theirs.
 *
 * `self`: one's own notes. `account`: the one that is shown where absent. `picture`: of a group, which no conversation names by its id.
 */
export function Avatar(props: {
  id: string;
  name: string | null;
  self?: boolean;
  account?: string;
  picture?: string | null;
}) {
  const { id, name, self = false } = props;
  const account = useKnown((state) => props.account ?? state.account);
  const theirs = useKnown(({ conversations }) => {
    const rows = account === null ? undefined : conversations[account];
    return rows && !self ? pictureOf(rows, id) : null;
  });
  const hash = props.picture ?? theirs;
  /** What could not be shown; another picture may be. */
  const [missing, setMissing] = useState<string | null>(null);
  return (
    <span
      className={self ? 'avatar avatar-self' : 'avatar'}
      aria-hidden="true"
      style={{ ['--hue' as string]: hueOf(id) }}
    >
      {self ? <NotebookPen size={18} /> : initials(name ?? '?')}
      {hash !== null && account !== null && missing !== hash && (
        <img
          src={thumbnailUrl(account, hash)}
          alt=""
          decoding="async"
          data-testid="avatar-picture"
          onError={() => setMissing(hash)}
        />
      )}
    </span>
  );
}
