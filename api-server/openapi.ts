/** Every route of this server in one table: who may call it, with what, and what it answers. The OpenAPI document, docs/api.md and the tests of who may come from it. */
import {
  NewAccount,
  OidcFinish,
  OidcStart,
  PasswordChange,
  ProfileChange,
  Recovery,
  Refresh,
  Registration,
  ServerInfo,
  SignInByPassword,
  Tokens,
} from '@matchbook/protocol/http/accounts';
import { AdminUserChange, ReportClosing, SettingsChange } from '@matchbook/protocol/http/admin';
import { Problem } from '@matchbook/protocol/http/fields';
import { LinkPreview, PreviewRequest } from '@matchbook/protocol/http/files';
import { HistoryPage, SearchPage } from '@matchbook/protocol/http/history';
import {
  Invitation,
  InvitationPreview,
  InvitationQuery,
  InvitationRequest,
} from '@matchbook/protocol/http/invitations';
import { ReportRequest, ScheduleRequest } from '@matchbook/protocol/http/people';
import { Progress, SaveBatch, SaveResult } from '@matchbook/protocol/http/saving';
import type { TSchema } from 'typebox';

/** `all`: anybody. `person`: signed in. `member`: of the conversation, in their time. `admin`: of this server. `service`: the relay, by the service secret. */
export type Caller = 'all' | 'person' | 'member' | 'admin' | 'service';

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'all';
  path: string;
  who: Caller;
  /** What it is for, in a line. */
  what: string;
  body?: TSchema;
  /** Names of query parameters. */
  query?: string[];
  answers?: TSchema;
  status?: number;
}

export const ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/api/server',
    who: 'all',
    what: 'The server: its name, its relay, who may register.',
    answers: ServerInfo,
  },
  { method: 'get', path: '/api/auth/keys', who: 'all', what: 'Keys of access tokens, as a JWK set.' },
  { method: 'get', path: '/api/openapi.json', who: 'all', what: 'This document.' },
  { method: 'get', path: '/livez', who: 'all', what: 'Whether the process answers.' },
  { method: 'get', path: '/readyz', who: 'all', what: 'Whether the database answers.' },
  { method: 'get', path: '/metrics', who: 'service', what: 'Prometheus metrics.' },
  { method: 'get', path: '/api/sse', who: 'all', what: 'Tells old clients where events come from now.' },
  {
    method: 'post',
    path: '/api/accounts',
    who: 'all',
    what: 'Register.',
    body: Registration,
    answers: NewAccount,
    status: 201,
  },
  {
    method: 'post',
    path: '/api/accounts/recover',
    who: 'all',
    what: 'A new secret against the recovery code.',
    body: Recovery,
    answers: NewAccount,
  },
  {
    method: 'post',
    path: '/api/sessions',
    who: 'all',
    what: 'Sign in by secret, or by login and password.',
    body: SignInByPassword,
    answers: Tokens,
    status: 201,
  },
  {
    method: 'post',
    path: '/api/sessions/refresh',
    who: 'all',
    what: 'The next pair for a refresh token.',
    body: Refresh,
    answers: Tokens,
  },
  {
    method: 'post',
    path: '/api/sessions/sign-out',
    who: 'all',
    what: 'End the session of a refresh token.',
    body: Refresh,
    status: 204,
  },
  {
    method: 'get',
    path: '/api/oidc',
    who: 'all',
    what: 'The service where people of this server sign in, if there is one.',
  },
  {
    method: 'post',
    path: '/api/oidc/start',
    who: 'all',
    what: 'Begin to sign in there.',
    body: OidcStart,
  },
  {
    method: 'post',
    path: '/api/oidc/finish',
    who: 'all',
    what: 'Come back from there.',
    body: OidcFinish,
    answers: Tokens,
    status: 201,
  },
  { method: 'get', path: '/api/account', who: 'person', what: 'One’s own account.' },
  {
    method: 'patch',
    path: '/api/account/profile',
    who: 'person',
    what: 'Name, picture, status, whether last seen is shown.',
    body: ProfileChange,
  },
  {
    method: 'put',
    path: '/api/account/password',
    who: 'person',
    what: 'Set login and password; other sessions end.',
    body: PasswordChange,
    status: 204,
  },
  {
    method: 'post',
    path: '/api/account/seen',
    who: 'person',
    what: 'The person is using the app now.',
    status: 204,
  },
  { method: 'get', path: '/api/devices', who: 'person', what: 'Live sessions.' },
  {
    method: 'delete',
    path: '/api/devices/:device',
    who: 'person',
    what: 'End one, here and at the relay.',
    status: 204,
  },
  {
    method: 'get',
    path: '/api/users/:user',
    who: 'person',
    what: 'The profile of somebody with whom one shares a conversation.',
  },
  {
    method: 'post',
    path: '/api/invitations',
    who: 'person',
    what: 'Invite, to a direct conversation or into a group.',
    body: InvitationRequest,
    answers: Invitation,
    status: 201,
  },
  { method: 'get', path: '/api/invitations', who: 'person', what: 'One’s own that are still good.' },
  { method: 'delete', path: '/api/invitations/:id', who: 'person', what: 'Take one back.', status: 204 },
  {
    method: 'post',
    path: '/api/invitations/preview',
    who: 'all',
    what: 'What an invitation is worth.',
    body: InvitationQuery,
    answers: InvitationPreview,
  },
  {
    method: 'post',
    path: '/api/invitations/redeem',
    who: 'person',
    what: 'Come in by one.',
    body: InvitationQuery,
  },
  {
    method: 'get',
    path: '/api/conversations',
    who: 'person',
    what: 'One’s conversations, the last active first.',
    query: ['limit', 'offset'],
  },
  { method: 'get', path: '/api/conversations/unread', who: 'person', what: 'Unread messages of each.' },
  { method: 'get', path: '/api/conversations/:conv', who: 'member', what: 'One of them.' },
  { method: 'get', path: '/api/conversations/:conv/members', who: 'member', what: 'Who is in it.' },
  {
    method: 'get',
    path: '/api/conversations/:conv/entries',
    who: 'member',
    what: 'Entries as the log has them, to fill holes.',
    query: ['from', 'to'],
    answers: HistoryPage,
  },
  {
    method: 'get',
    path: '/api/conversations/:conv/messages',
    who: 'member',
    what: 'Messages as they look now.',
    query: ['before', 'after', 'around', 'date', 'unread', 'limit'],
  },
  {
    method: 'get',
    path: '/api/search',
    who: 'person',
    what: 'Search what one may see.',
    query: ['q', 'order', 'limit', 'cursor', 'zone'],
    answers: SearchPage,
  },
  { method: 'all', path: '/api/files/uploads{/:id}', who: 'person', what: 'Resumable uploads: tus 1.0.0.' },
  {
    method: 'get',
    path: '/api/files/uploads/:id/result',
    who: 'person',
    what: 'What became of a complete upload.',
  },
  {
    method: 'get',
    path: '/api/files/:hash',
    who: 'person',
    what: 'A file, for who brought it or sees an entry that shows it. Ranges.',
    query: ['name'],
  },
  { method: 'get', path: '/api/files/:hash/thumbnail', who: 'person', what: 'The smaller image of one.' },
  {
    method: 'post',
    path: '/api/previews',
    who: 'person',
    what: 'What a web page says about itself, fetched from public addresses only.',
    body: PreviewRequest,
    answers: LinkPreview,
  },
  {
    method: 'post',
    path: '/api/reports',
    who: 'person',
    what: 'Show a message to the admins.',
    body: ReportRequest,
    status: 201,
  },
  { method: 'get', path: '/api/scheduled', who: 'person', what: 'Messages for later.' },
  {
    method: 'put',
    path: '/api/scheduled/:id',
    who: 'person',
    what: 'One more, or another text or time.',
    body: ScheduleRequest,
    status: 204,
  },
  { method: 'delete', path: '/api/scheduled/:id', who: 'person', what: 'Cancel one.', status: 204 },
  { method: 'get', path: '/api/admin/users', who: 'admin', what: 'People.', query: ['q', 'limit', 'offset'] },
  {
    method: 'patch',
    path: '/api/admin/users/:user',
    who: 'admin',
    what: 'Make or unmake an admin; close or open an account.',
    body: AdminUserChange,
    status: 204,
  },
  { method: 'get', path: '/api/admin/users/:user/sessions', who: 'admin', what: 'Their live sessions.' },
  { method: 'delete', path: '/api/admin/users/:user/sessions', who: 'admin', what: 'End them all.' },
  {
    method: 'get',
    path: '/api/admin/conversations',
    who: 'admin',
    what: 'Sizes of conversations.',
    query: ['limit', 'offset'],
  },
  { method: 'get', path: '/api/admin/storage', who: 'admin', what: 'Sizes of everything.' },
  {
    method: 'get',
    path: '/api/admin/dead-letters',
    who: 'admin',
    what: 'Items of the log that could not be saved.',
    query: ['limit', 'before'],
  },
  {
    method: 'post',
    path: '/api/admin/dead-letters/:place/retry',
    who: 'admin',
    what: 'Try one again.',
    status: 204,
  },
  {
    method: 'delete',
    path: '/api/admin/dead-letters/:place',
    who: 'admin',
    what: 'Let one go.',
    status: 204,
  },
  { method: 'get', path: '/api/admin/settings', who: 'admin', what: 'What admins may set.' },
  { method: 'patch', path: '/api/admin/settings', who: 'admin', what: 'Set it.', body: SettingsChange },
  {
    method: 'get',
    path: '/api/admin/reports',
    who: 'admin',
    what: 'Reports.',
    query: ['state', 'limit', 'offset'],
  },
  {
    method: 'post',
    path: '/api/admin/reports/:id/close',
    who: 'admin',
    what: 'Done with one.',
    body: ReportClosing,
    status: 204,
  },
  {
    method: 'get',
    path: '/api/admin/audit',
    who: 'admin',
    what: 'What admins did.',
    query: ['limit', 'before'],
  },
  {
    method: 'post',
    path: '/api/messages/save',
    who: 'service',
    what: 'A batch of the relay’s persister; or one message of the first server’s relay.',
    body: SaveBatch,
    answers: SaveResult,
  },
  {
    method: 'get',
    path: '/api/messages/progress',
    who: 'service',
    what: 'How far the log is saved.',
    answers: Progress,
  },
];

const TUS_METHODS = ['post', 'head', 'patch', 'delete'] as const;

/** The document, OpenAPI 3.1: schemas are JSON Schema as they are. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    const path = route.path.replace('{/:id}', '/{id}').replace(/:([a-z]+)/g, '{$1}');
    const item = paths[path] ?? {};
    paths[path] = item;
    for (const method of route.method === 'all' ? TUS_METHODS : [route.method])
      item[method] = operation(route, path);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Matchbook API server', version },
    paths,
    components: {
      securitySchemes: {
        access: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        service: {
          type: 'http',
          scheme: 'bearer',
          description: 'The secret shared by relay and API server.',
        },
      },
      schemas: { Problem: plain(Problem) },
    },
  };
}

function operation({ who, what, body, query = [], answers, status = 200 }: Route, path: string): object {
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...query.map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
  ];
  const json = (schema: TSchema) => ({ content: { 'application/json': { schema: plain(schema) } } });
  return {
    summary: what,
    ...(who === 'all' ? {} : { security: [{ [who === 'service' ? 'service' : 'access']: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, ...json(body) } } : {}),
    responses: {
      [status]: { description: 'As asked.', ...(answers ? json(answers) : {}) },
      default: {
        description: 'What went wrong: kind, field and limit.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** Without what only TypeBox knows. */
const plain = (schema: TSchema): object => JSON.parse(JSON.stringify(schema)) as object;
