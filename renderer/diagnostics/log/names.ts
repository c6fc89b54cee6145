/** What people call the accounts and conversations whose ids stand in the log. */
import type { Overview } from '@matchbook/protocol/bridge/diagnostics';

export interface Names {
  /** By account id. */
  accounts: ReadonlyMap<string, string>;
  /** By conversation id; an empty title is one's own notes. */
  conversations: ReadonlyMap<string, string>;
}

export const NO_NAMES: Names = { accounts: new Map(), conversations: new Map() };

export function namesOf(
  titles: readonly { account: string; conv: string; title: string }[],
  overview: Overview | null,
): Names {
  return {
    accounts: new Map(
      (overview?.links ?? []).map(({ account, name, serverName }) => [account, `${name}, ${serverName}`]),
    ),
    conversations: new Map(titles.map(({ conv, title }) => [conv, title])),
  };
}
