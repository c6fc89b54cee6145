import { NotebookPen, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { thumbnailUrl } from './files/file-url.ts';
import { hueOf, initials } from './people.ts';
import { useKnown } from './use-store.ts';

/**
 * Who somebody is: their picture, or their initials on a colour that stays theirs.
 *
 * `self`: one's own notes. `group`: one without a name, whose members' initials would be taken for a person's. `account`: the one that is shown where absent. `picture`: of a group, which no conversation names by its id. `image`: the address of
 * one that is of no account here.
 */
export function Avatar(props: {
  id: string;
  name: string | null;
  self?: boolean;
  group?: boolean;
  account?: string;
  picture?: string | null;
  image?: string | null;
}) {
  const { id, name, self = false, group = false, image = null } = props;
  const account = useKnown((state) => props.account ?? state.account);
  const theirs = useKnown(({ pictures }) =>
    account === null || self ? null : (pictures[account]?.get(id) ?? null),
  );
  const hash = props.picture ?? theirs;
  const source = image ?? (hash !== null && account !== null ? thumbnailUrl(account, hash) : null);
  /** What could not be shown; another picture may be. */
  const [missing, setMissing] = useState<string | null>(null);
  return (
    <span
      className={self ? 'avatar avatar-self' : 'avatar'}
      aria-hidden="true"
      style={{ ['--hue' as string]: hueOf(id) }}
    >
      {self ? (
        <NotebookPen size={18} />
      ) : group ? (
        <UsersRound className="avatar-group" />
      ) : (
        initials(name ?? '?')
      )}
      {source !== null && missing !== source && (
        <img
          src={source}
          alt=""
          decoding="async"
          data-testid="avatar-picture"
          onError={() => setMissing(source)}
        />
      )}
    </span>
  );
}
