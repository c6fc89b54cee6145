import { useEffect, useMemo } from 'react';
import { personKey } from '../../store/people-book.ts';
import { useMatchbook } from '../use-store.ts';
import { usePeople } from './use-people.ts';

/**
 * Who of these has an account that an admin closed, as far as it is known; asked for while `asks`. Who is here has been let in again, whatever was said before.
 * @param users the same list as long as the same are meant
 */
export function useClosed(account: string, users: readonly string[], asks: boolean): ReadonlySet<string> {
  const { people } = useMatchbook();
  const known = usePeople(({ profiles, presences }) =>
    users
      .filter(
        (user) => profiles[personKey(account, user)]?.closed === true && !presences[account]?.users.has(user),
      )
      .join(' '),
  );
  useEffect(() => {
    if (asks) void people.look(account, users);
  }, [people, account, users, asks]);
  return useMemo(() => new Set(known.split(' ').filter(Boolean)), [known]);
}
