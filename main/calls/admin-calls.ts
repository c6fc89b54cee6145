/** What an admin's window asks of a server: each call is one request, and the server decides whether it may be asked. */
import { ADMIN_PAGE, type AdminPage } from '@matchbook/protocol/bridge/admin';
import type { DeviceView } from '@matchbook/protocol/bridge/views';
import { DeviceSessions } from '@matchbook/protocol/http/accounts';
import type {
  AdminConversation,
  AdminUser,
  AuditEntry,
  DeadLetter,
  FilesReport,
  Names,
  Report,
  ServerSettings,
  StorageReport,
} from '@matchbook/protocol/http/admin';
import Type, { type TSchema } from 'typebox';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { WindowHandlers } from '../bridge/bridge.ts';
import { NOTHING } from '../network/api-client.ts';

type Calls = Extract<keyof WindowHandlers, `admin.${string}`>;

/** Answers whose fields the views read by name: of a server that says less they show less. */
const list = (name: string) =>
  Type.Object({
    [name]: Type.Array(Type.Object({})),
    names: Type.Optional(Type.Record(Type.String(), Type.String())),
  });
const object = Type.Object({});

export function adminCalls(server: ServerRequests): Pick<WindowHandlers, Calls> {
  const get = <T>(account: string, path: string, answer: TSchema): Promise<T> =>
    server.get(account, `/api/admin/${path}`, answer) as Promise<T>;
  const send = async (
    account: string,
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body: object | null,
    answer: TSchema = NOTHING,
  ) => {
    await server.send(account, method, `/api/admin/${path}`, body, answer);
    return null;
  };
  const page = (offset: number) => `limit=${ADMIN_PAGE}&offset=${offset}`;
  const listed = async <T>(account: string, path: string, name: string): Promise<AdminPage<T>> => {
    const answer = await get<{ [list: string]: unknown; names?: Names }>(account, path, list(name));
    return { items: answer[name] as T[], names: answer.names ?? {} };
  };
  return {
    'admin.settings': ({ account }) => get<ServerSettings>(account, 'settings', object),
    'admin.set': ({ account, change }) =>
      server.send(
        account,
        'PATCH',
        '/api/admin/settings',
        change,
        object,
      ) as Promise<unknown> as Promise<ServerSettings>,
    'admin.storage': async ({ account }) => ({
      storage: await get<StorageReport>(account, 'storage', object),
      files: await get<FilesReport>(account, 'files', object),
    }),
    'admin.checkFiles': ({ account }) => send(account, 'POST', 'files/check', {}),
    'admin.users': ({ account, q, offset }) => {
      const path = `users?${page(offset)}${q === '' ? '' : `&q=${encodeURIComponent(q)}`}`;
      return listed<AdminUser>(account, path, 'users');
    },
    'admin.changeUser': ({ account, user, change }) =>
      send(account, 'PATCH', `users/${encodeURIComponent(user)}`, change),
    'admin.sessions': async ({ account, user }) => {
      const path = `users/${encodeURIComponent(user)}/sessions`;
      return (await get<{ devices: DeviceView[] }>(account, path, DeviceSessions)).devices;
    },
    'admin.endSessions': ({ account, user }) =>
      send(account, 'DELETE', `users/${encodeURIComponent(user)}/sessions`, null, Type.Unknown()),
    'admin.endSession': ({ account, user, device }) => {
      const path = `users/${encodeURIComponent(user)}/sessions/${encodeURIComponent(device)}`;
      return send(account, 'DELETE', path, null);
    },
    'admin.conversations': ({ account, offset }) =>
      listed<AdminConversation>(account, `conversations?${page(offset)}`, 'conversations'),
    'admin.deadLetters': ({ account, offset }) =>
      listed<DeadLetter>(account, `dead-letters?${page(offset)}`, 'deadLetters'),
    'admin.retryLetter': ({ account, letter }) =>
      send(account, 'POST', `dead-letters/${letter}/retry`, {}, Type.Unknown()),
    'admin.dropLetter': ({ account, letter }) => send(account, 'DELETE', `dead-letters/${letter}`, null),
    'admin.reports': ({ account, open, offset }) =>
      listed<Report>(account, `reports?state=${open ? 'open' : 'closed'}&${page(offset)}`, 'reports'),
    'admin.closeReport': ({ account, id, note }) =>
      send(account, 'POST', `reports/${encodeURIComponent(id)}/close`, { note }),
    'admin.audit': ({ account, about, before }) => {
      const path = `audit?about=${about}&limit=${ADMIN_PAGE}${before === null ? '' : `&before=${before}`}`;
      return listed<AuditEntry>(account, path, 'audit');
    },
  };
}
