/** Messages for later, at the account's server: it sends them whether or not this device is on. */
import type { SCHEDULED_CALLS } from '@matchbook/protocol/bridge/scheduled';
import { ScheduledList } from '@matchbook/protocol/http/people';
import { bodyOf } from '@matchbook/protocol/message-body';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { Handlers } from '../bridge/bridge.ts';
import { LocalError } from '../bridge/local-failure.ts';
import type { FileParts } from '../files/file-parts.ts';
import { NOTHING } from '../network/api-client.ts';

export interface ScheduledParts {
  server: Pick<ServerRequests, 'get' | 'send'>;
  files: Pick<FileParts, 'tray' | 'uploads'>;
  trayChanged(address: { account: string; conv: string }): void;
  /** What waits at the server is something else now. */
  changed(account: string): void;
}

export function scheduledCalls({
  server,
  files,
  trayChanged,
  changed,
}: ScheduledParts): Handlers<typeof SCHEDULED_CALLS> {
  /** Whose files are being brought, by id. */
  const bringing = new Map<string, AbortController>();
  const path = (id: string) => `/api/scheduled/${encodeURIComponent(id)}`;
  return {
    'scheduled.list': async ({ account }) => {
      return (await server.get(account, '/api/scheduled', ScheduledList)).messages;
    },
    'scheduled.put': async ({ account, conv, id, text, more, due, silent, change, was, attached = [] }) => {
      const { reply, ...rest } = more ?? {};
      // The server knows places alone.
      if (typeof reply === 'object')
        throw new LocalError('not_allowed', 'What this answers is not sent yet.', { field: 'more.reply' });
      const added = await files.tray(account).named(conv, attached);
      const all = [...(rest.files ?? []), ...added];
      const body = bodyOf({
        ...rest,
        ...(all.length > 0 ? { files: all } : {}),
        ...(reply === undefined ? {} : { reply }),
        text,
      });
      if (added.length > 0) {
        const stop = new AbortController();
        bringing.set(id, stop);
        await files.uploads.bring(account, id, added, stop.signal).finally(() => bringing.delete(id));
      }
      const request = { conv, body, due, ...(silent ? { silent } : {}) };
      const changes = { ...request, ...(was ? { was } : {}) };
      if (change) await waiting(server.send(account, 'PUT', `${path(id)}?only=waiting`, changes, NOTHING));
      else await server.send(account, 'PUT', path(id), request, NOTHING);
      changed(account);
      if (attached.length > 0) {
        await files.tray(account).remove(conv, attached);
        trayChanged({ account, conv });
        void files.uploads.look(account);
      }
      return null;
    },
    'scheduled.cancel': async ({ account, id }) => {
      const stop = bringing.get(id);
      stop?.abort();
      if (stop) return null;
      await waiting(server.send(account, 'DELETE', path(id), null, NOTHING));
      changed(account);
      return null;
    },
  };
}

/** @throws LocalError `not_waiting` where the server has it no more, or has sent it */
async function waiting(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof LocalError) || !['not_found', 'id_conflict'].includes(error.failure.kind))
      throw error;
    throw new LocalError('not_waiting', error.failure.message);
  }
}
