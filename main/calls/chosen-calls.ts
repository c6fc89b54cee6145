/** What windows may ask the server of a conversation beyond what is on this device: single messages, which are stored like a page of history. */
import type { SharedFetched } from '@matchbook/protocol/bridge/people';
import { PLACES_LISTED, type ThreadFetched } from '@matchbook/protocol/bridge/places';
import { ChosenEntries } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { WindowHandlers } from '../bridge/bridge.ts';
import type { LocalStore } from '../local-store/local-store.ts';

type Names = 'message.fetchThread' | 'conversation.fetchShared';

/** Messages with files that one question brings. */
const FILES = 50;

export function chosenCalls(parts: {
  store: Pick<LocalStore, 'storeFrames'>;
  server: Pick<ServerRequests, 'get'>;
}): Pick<WindowHandlers, Names> {
  const { store, server } = parts;
  const fetched = async (account: string, conv: string, path: string): Promise<ChosenEntries> => {
    const page = await server.get(account, `/api/conversations/${conv}/${path}`, ChosenEntries);
    const places = page.items.map((item) => (item as { n: number }).n);
    if (places.length > 0) {
      const frame = {
        t: 'page',
        ref: 0,
        conv,
        from: Math.min(...places),
        to: Math.max(...places),
        items: page.items,
      };
      const raw = new TextEncoder().encode(JSON.stringify(frame));
      await store.storeFrames({ account, raws: [raw], chosen: true });
    }
    return page;
  };
  return {
    'message.fetchThread': async ({ account, conv, n }): Promise<ThreadFetched> => {
      let after = 0;
      for (let asked = 0; ; ) {
        const limit = LIMITS.messagePage;
        const page = await fetched(account, conv, `threads/${n}?after=${after}&limit=${limit}`);
        asked += limit;
        if (page.next === null) return { upTo: page.upTo };
        if (asked >= PLACES_LISTED) return { upTo: page.next };
        after = page.next;
      }
    },
    'conversation.fetchShared': async ({ account, conv, what, before, after }): Promise<SharedFetched> => {
      const query = new URLSearchParams({ kind: what, limit: String(FILES) });
      if (before !== undefined) query.set('before', String(before));
      if (after !== undefined) query.set('after', String(after));
      const { next } = await fetched(account, conv, `files?${query}`);
      return { next };
    },
  };
}
