/** Messages for later, at the account's server: it sends them whether or not this device is on. */
import type { SCHEDULED_CALLS } from '@matchbook/protocol/bridge/scheduled';
import { ScheduledList } from '@matchbook/protocol/http/people';
import { bodyOf } from '@matchbook/protocol/message-body';
import type { AccountList } from './accounts/account-list.ts';
import type { AccessTokens } from './accounts/tokens.ts';
import { type ApiClient, NOTHING } from './api-client.ts';
import type { Handlers } from './bridge.ts';
import { LocalError } from './local-failure.ts';

export interface ScheduledParts {
  api: ApiClient;
  tokens: Pick<AccessTokens, 'get'>;
  list: Pick<AccountList, 'get' | 'tokenAccount'>;
}

export function scheduledCalls({ api, tokens, list }: ScheduledParts): Handlers<typeof SCHEDULED_CALLS> {
  const at = async (account: string) => ({
    base: list.get(account).api,
    token: (await tokens.get(list.tokenAccount(account), false)).token,
  });
  const path = (id: string) => `/api/scheduled/${encodeURIComponent(id)}`;
  return {
    'scheduled.list': async ({ account }) => {
      const { base, token } = await at(account);
      return (await api.get(base, '/api/scheduled', ScheduledList, token)).messages;
    },
    'scheduled.put': async ({ account, conv, id, text, more, due, silent }) => {
      const { reply, ...rest } = more ?? {};
      // The server knows places alone.
      if (typeof reply === 'object')
        throw new LocalError('not_allowed', 'What this answers is not sent yet.', { field: 'more.reply' });
      const body = bodyOf({ ...rest, ...(reply === undefined ? {} : { reply }), text });
      const { base, token } = await at(account);
      await api.send(
        'PUT',
        base,
        path(id),
        { conv, body, due, ...(silent ? { silent } : {}) },
        NOTHING,
        token,
      );
      return null;
    },
    'scheduled.cancel': async ({ account, id }) => {
      const { base, token } = await at(account);
      await api.send('DELETE', base, path(id), null, NOTHING, token);
      return null;
    },
  };
}
