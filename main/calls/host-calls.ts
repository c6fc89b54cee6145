/** What the session host may ask of main, call by call. */
import type { HostAccount } from '@matchbook/protocol/bridge/host';
import type { AccountList } from '../accounts/account-list.ts';
import type { MovedRelay } from '../accounts/moved-relay.ts';
import type { AccessTokens } from '../accounts/tokens.ts';
import type { HostHandlers } from '../bridge/bridge.ts';
import type { ConnectionCheck } from '../diagnostics/connection-check.ts';
import type { Diagnostics } from '../diagnostics/diagnostics.ts';
import { HOLES_AT_ONCE } from '../local-store/entries/holes.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { Fetch } from '../network/api-client.ts';
import { reach } from '../network/reach.ts';
import type { Presences } from '../people/presences.ts';
import type { RightOfWay } from '../right-of-way.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { SessionHost } from '../windows/session-host.ts';

export interface HostCallParts {
  accounts: AccountList;
  store: LocalStore;
  tokens: AccessTokens;
  supervisor: Supervisor;
  fetch: Fetch;
  diagnostics: Diagnostics;
  check: ConnectionCheck;
  presences: Presences;
  host: Pick<SessionHost, 'page'>;
  rightOfWay: RightOfWay;
  movedRelay: Pick<MovedRelay, 'asked'>;
  /** Account and conversation that a window shows, for the order in which holes are filled. */
  focus(account: string): string | null;
  /** Before these are put on a wire: what of them the server may have forgotten waits again. */
  renew(account: string, ids: readonly string[]): Promise<void>;
  /** These own items are about to go on a wire from this device. */
  released(account: string, ids: readonly string[]): void;
}

export function hostCalls(parts: HostCallParts): HostHandlers {
  const { accounts, store, tokens, supervisor, fetch, focus, released, diagnostics, check, presences } =
    parts;
  const { rightOfWay } = parts;
  const done = async (work: Promise<unknown>) => {
    await work;
    return null;
  };
  /** By account, the first page that had its session. */
  const pages = new Map<string, number>();
  const hadBefore = (account: string) => {
    const first = pages.get(account) ?? parts.host.page;
    pages.set(account, first);
    return first < parts.host.page;
  };
  return {
    'host.accounts': () =>
      Promise.all(
        accounts.active().map(
          async ({ account, user, device, relay, api }): Promise<HostAccount> => ({
            account,
            user,
            device,
            relay,
            api,
            cursor: await store.cursor(account),
            restarted: hadBefore(account),
          }),
        ),
      ),
    'host.token': ({ account, refused }) => tokens.get(accounts.tokenAccount(account), refused),
    'host.reach': async ({ account }) => {
      const found = await reach(accounts.get(account).relay, fetch);
      void parts.movedRelay.asked(account, found.fault === null);
      return found;
    },
    'host.store': async ({ account, raws }) => {
      await rightOfWay.clear();
      const stored = await store.storeFrames({ account, raws });
      if (stored.upTo !== null) diagnostics.stored(account, stored.upTo);
      return stored;
    },
    'host.outbox': ({ account }) => store.outbox(account),
    'host.release': async (request) => {
      await parts.renew(request.account, request.ids);
      const answer = await store.release(request);
      released(request.account, answer.ids);
      return answer;
    },
    'host.acked': async (request) => {
      await store.acked(request);
      rightOfWay.end(request.items.map(({ id }) => id));
      return null;
    },
    'host.refused': async (request) => {
      await store.refused(request);
      rightOfWay.end(request.items.map(({ id }) => id));
      return null;
    },
    'host.saved': (request) => done(store.saved(request)),
    'host.unsaved': ({ account }) => store.unsaved(account),
    'host.holes': async ({ account, skip, answered }) => {
      const still = answered.length > 0 ? await store.stillToFill({ account, parts: answered }) : [];
      const holes = await store.holes({ account, focused: focus(account), skip });
      return { holes, more: holes.length === HOLES_AT_ONCE, still };
    },
    'host.progress': ({ states }) => {
      supervisor.progress(states);
      diagnostics.hostReported();
      return null;
    },
    'host.heard': ({ account, fresh, frames }) => {
      presences.heard(account, fresh, frames);
      return null;
    },
    'host.log': ({ events }) => {
      diagnostics.hear(events);
      return null;
    },
    'host.probed': ({ ref, results }) => {
      check.probed(ref, results);
      return null;
    },
  };
}
