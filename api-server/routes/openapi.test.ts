import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';
import { openApi } from './openapi.ts';
import { ROUTES, type Route } from './table.ts';

/** Every route that the routers know, as they were written. */
function written(): string[] {
  const folder = import.meta.dirname;
  const found: string[] = [];
  for (const file of [
    'accounts',
    'admin',
    'conversations',
    'files',
    'invitations',
    'messages',
    'oidc',
    'people',
    'previews',
    'search',
    'server',
  ]) {
    const source = readFileSync(join(folder, `${file}.ts`), 'utf8').replace(
      /\$\{UPLOADS_PATH\}/g,
      '/api/files/uploads',
    );
    for (const [, method, path] of source.matchAll(
      /router\.(get|post|put|patch|delete|all)\(\s*['`]([^'`]+)['`]/g,
    ))
      found.push(`${method} ${path}`);
  }
  return found.sort();
}

describe('the table of routes', () => {
  it('has every route that there is, and no other', () => {
    expect(ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(written());
  });

  it('is the document that is served', async () => {
    const api = await startTestApi();
    try {
      const { body } = await api.get('/api/openapi.json');
      expect(body).toEqual(JSON.parse(JSON.stringify(openApi('0.0.0'))));
      const paths = body.paths as Record<string, Record<string, { requestBody?: object }>>;
      expect(Object.keys(paths).length).toBeGreaterThan(40);
      expect(paths['/api/accounts']!.post!.requestBody).toMatchObject({ required: true });
      expect(paths['/api/conversations/{conv}/messages']!.get).toMatchObject({ security: [{ access: [] }] });
    } finally {
      await api.close();
    }
  });

  it('is in docs/api.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
    for (const route of ROUTES) expect(page).toContain(lineOf(route));
  });
});

export const lineOf = ({ method, path, who, what }: Route) =>
  `| \`${method === 'all' ? 'tus' : method.toUpperCase()} ${path}\` | ${who} | ${what} |`;

onBothDatabases('who may call what', (database) => {
  let api: TestApi;
  const tokens: Record<string, string> = {};
  beforeEach(async () => {
    api = await startTestApi({
      ...(await database.env()),
      API_REGISTRATION: 'open',
      API_ACCESS_TOKEN_SECONDS: '86400',
    });
    const admin = await api.register('Root');
    const people = {
      owner: await api.register('Ann'),
      member: await api.register('Bob'),
      former: await api.register('Eve'),
    };
    const stranger = await api.register('Zoe');
    const revoked = await api.register('Max');
    await api.post('/api/sessions/sign-out', { refresh: revoked.refresh });
    const log = new LogWriter();
    const { owner, member, former } = people;
    log.create('g', 'group', [owner.user, member.user, former.user]);
    log.say('g', owner.user, 'hello');
    log.entry('g', owner.user, { kind: 'member_remove', user: former.user });
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    Object.assign(tokens, {
      ...{ admin: admin.access, owner: owner.access, member: member.access, former: former.access },
      ...{ stranger: stranger.access, revoked: revoked.access, service: SERVICE, rubbish: 'rubbish' },
    });
  });
  afterEach(() => api.close());

  /** 401: not signed in; 403: signed in, and not for them. Anything else is not a question of who. */
  const expected = (who: Route['who'], caller: string): 401 | 403 | 'in' => {
    const signedIn = !['nobody', 'revoked', 'rubbish', 'service'].includes(caller);
    if (who === 'all') return 'in';
    if (who === 'service') return caller === 'service' ? 'in' : 401;
    if (!signedIn) return 401;
    if (who === 'admin') return caller === 'admin' ? 'in' : 403;
    if (who === 'member') return ['owner', 'member', 'former'].includes(caller) ? 'in' : 403;
    return 'in';
  };
  const QUERY: Record<string, string> = { from: '1', to: '9', q: 'hello' };

  it('every route, for everybody, is as the table says', async () => {
    const wrong: string[] = [];
    for (const { method, path, who, query = [] } of ROUTES)
      for (const caller of [
        'nobody',
        'rubbish',
        'revoked',
        'stranger',
        'former',
        'member',
        'owner',
        'admin',
        'service',
      ]) {
        // Nobody is put off for having asked before.
        api.clock.now += 60_000;
        const filled = path.replace('{/:id}', '').replace(':conv', 'g').replace(/:\w+/g, '1');
        const asked = query.filter((name) => QUERY[name]).map((name) => `${name}=${QUERY[name]}`);
        const url = asked.length > 0 ? `${filled}?${asked.join('&')}` : filled;
        const verb = method === 'all' ? 'POST' : method.toUpperCase();
        const response = await fetch(`${api.base}${url}`, {
          method: verb,
          headers: {
            ...(caller === 'nobody' ? {} : { authorization: `Bearer ${tokens[caller]}` }),
            ...(verb === 'GET' ? {} : { 'content-type': 'application/json' }),
          },
          ...(verb === 'GET' ? {} : { body: '{}' }),
        });
        const text = await response.text();
        const status = response.status;
        const signIns = ['/api/sessions', '/api/sessions/refresh', '/api/accounts/recover'].includes(path);
        const seen = status === 401 && !signIns ? 401 : status === 403 ? 403 : 'in';
        if (seen !== expected(who, caller) || status >= 500)
          wrong.push(
            `${caller}: ${verb} ${path}: ${status}, not ${expected(who, caller)} ${text.slice(0, 80)}`,
          );
      }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('who left reads what was said in their time, and nothing later', async () => {
    const { body } = await api.get('/api/conversations/g/messages', tokens.former);
    expect((body.items as { entry: { n: number } }[]).map(({ entry }) => entry.n)).toEqual([1, 2, 3]);
  });
});
