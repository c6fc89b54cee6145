/** What windows may ask of searches at the server, and what the quick switcher remembers. */
import { USES, type Use, usedNow } from '@matchbook/protocol/bridge/finding';
import { SearchPage } from '@matchbook/protocol/http/history';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { WindowHandlers } from '../bridge/bridge.ts';
import type { SettingsStore } from '../profile/settings.ts';

type Names = 'search.server' | 'switcher.uses' | 'switcher.used';

export function findingCalls(parts: {
  server: Pick<ServerRequests, 'get'>;
  settings: SettingsStore;
  now(): number;
}): Pick<WindowHandlers, Names> {
  const { server, settings, now } = parts;
  return {
    'search.server': ({ account, q, zone, limit, cursor }) => {
      const query = new URLSearchParams({ q, zone: String(zone), limit: String(limit), order: 'newest' });
      if (cursor !== null) query.set('cursor', String(cursor));
      return server.get(account, `/api/search?${query}`, SearchPage);
    },
    'switcher.uses': () => settings.data.uses,
    'switcher.used': async ({ key }) => {
      await settings.update((all) => {
        all.uses = noted(all.uses, key, now());
      });
      return null;
    },
  };
}

/** One more use; of too many, those are forgotten that count least. */
export function noted(uses: Record<string, Use>, key: string, now: number): Record<string, Use> {
  const before = uses[key];
  const next = { ...uses, [key]: { score: (before ? usedNow(before, now) : 0) + 1, at: now } };
  const kept = Object.entries(next).sort(([, one], [, other]) => usedNow(other, now) - usedNow(one, now));
  return Object.fromEntries(kept.slice(0, USES));
}
