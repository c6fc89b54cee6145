import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';
import { ROUTES, type Route } from './table.ts';

/** What somebody sends who wishes the server harm, in the place of anything. */
const HOSTILE: readonly unknown[] = [
  null,
  -1,
  1.5,
  2 ** 53,
  '',
  'a\0b',
  '\ud800',
  "'; DROP TABLE account; --",
  '../../../../etc/passwd',
  '{{7*7}}<%= 7*7 %>',
  '\u202e\u200b\ufeff',
  'x'.repeat(20_000),
  [[[[[[[[]]]]]]]],
  {},
  JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'),
  Array.from({ length: 2_000 }, (_, i) => i),
];
/** Longer addresses are Node's to refuse (431), and a lone surrogate has no form in one. */
const QUERIES = HOSTILE.filter((value) => typeof value !== 'object' && value !== '\ud800').map((value) =>
  String(value).slice(0, 4_000),
);

const AT_ONCE = 20;

interface Shape {
  type?: string;
  properties?: Record<string, TSchema>;
  required?: string[];
  items?: TSchema;
  anyOf?: TSchema[];
  allOf?: TSchema[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  minimum?: number;
  minItems?: number;
}

/** Something that the schema takes, the shortest. */
function example(schema: TSchema): unknown {
  const shape = schema as Shape;
  if ('const' in shape) return shape.const;
  if (shape.anyOf) return example(shape.anyOf[0]!);
  if (shape.pattern !== undefined)
    return fc.sample(fc.stringMatching(new RegExp(shape.pattern, 'u'), { size: '-1' }), {
      numRuns: 1,
      seed: 7,
    })[0];
  switch (shape.type) {
    case 'string':
      return 'a'.repeat(Math.max(shape.minLength ?? 0, 12));
    case 'integer':
    case 'number':
      return shape.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => example(shape.items!));
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {})
          .filter(([name]) => shape.required?.includes(name))
          .map(([name, one]) => [name, example(one)]),
      );
    default:
      return null;
  }
}

/** The example with something hostile in the place of each of its fields, at every depth, one at a time, and beside them. */
function* spoilt(schema: TSchema): Generator<[field: string, body: unknown]> {
  const shape = schema as Shape;
  for (const [name, one] of Object.entries(shape.properties ?? {})) {
    for (const value of HOSTILE) yield [name, { ...(example(schema) as object), [name]: value }];
    for (const [inner, value] of spoilt(one))
      yield [`${name}.${inner}`, { ...(example(schema) as object), [name]: value }];
  }
  if (shape.properties) yield ['unknown', { ...(example(schema) as object), unknown: 1 }];
}

onBothDatabases('hostile input', (database) => {
  let api: TestApi;
  let person: { access: string };
  beforeAll(async () => {
    api = await startTestApi({
      ...(await database.env()),
      API_REGISTRATION: 'open',
      API_ACCESS_TOKEN_SECONDS: '86400',
      API_LOG_LEVEL: 'silent',
    });
    const admin = await api.register('Root');
    const log = new LogWriter();
    log.create('g', 'group', [admin.user]);
    log.say('g', admin.user, 'hello');
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    person = admin;
  }, 60_000);
  afterAll(() => api.close());

  /** @returns what is wrong with the answer, or null */
  async function sent({ method, path, who }: Route, query: string, body: unknown): Promise<string | null> {
    // Nobody is put off for having asked before.
    api.clock.now += 60_000;
    const url = path.replace('{/:id}', '').replace(':conv', 'g').replace(/:\w+/g, '1');
    const verb = method === 'all' ? 'POST' : method.toUpperCase();
    const response = await fetch(`${api.base}${url}${query}`, {
      method: verb,
      headers: {
        authorization: `Bearer ${who === 'service' ? SERVICE : person.access}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const told = `${verb} ${url}${query.slice(0, 60)} ${JSON.stringify(body)?.slice(0, 160)}: ${response.status} ${text.slice(0, 160)}`;
    if (response.status >= 500 && !/storage_unavailable|wrong_secret/.test(text)) return told;
    if (response.status < 400) return null;
    if (!text.startsWith('{')) return told;
    const problem = JSON.parse(text) as { kind?: string; message?: string; field?: string };
    // An answer to the persister, not a refusal.
    if (problem.kind === 'not_joined') return null;
    if (typeof problem.kind !== 'string' || typeof problem.message !== 'string') return told;
    return problem.kind === 'invalid_field' && !problem.field ? `no field: ${told}` : null;
  }

  it('in every field of every body is refused by name, or taken as what it is', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const route of ROUTES) {
      if (!route.body || route.path === '/api/account/password' || route.path.startsWith('/api/oidc'))
        continue;
      expect(Check(route.body, example(route.body)), `${route.path}: the example is one`).toBe(true);
      const bodies = [...spoilt(route.body)];
      tried += bodies.length;
      for (let i = 0; i < bodies.length; i += AT_ONCE) {
        const some = bodies.slice(i, i + AT_ONCE);
        const faults = await Promise.all(some.map(([, body]) => sent(route, '', body)));
        wrong.push(...faults.filter((fault) => fault !== null));
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  }, 120_000);

  it('in every parameter of every query', async () => {
    const wrong: string[] = [];
    for (const route of ROUTES.filter(({ query }) => query))
      for (const name of route.query!)
        for (const value of QUERIES) {
          const others = route.query!.filter(
            (other) => other !== name && ['from', 'to', 'q'].includes(other),
          );
          const all = [...others.map((other) => [other, '1']), [name, value]];
          const well = all.map(([key, one]) => `${key}=${encodeURIComponent(one!)}`).join('&');
          for (const query of [`?${well}`, `?${well}&${name}=twice`]) {
            const fault = await sent(route, query, undefined);
            if (fault !== null) wrong.push(fault);
          }
        }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('bodies that are none', async () => {
    const wrong: string[] = [];
    for (const { method, path, who } of ROUTES.filter(({ body }) => body))
      for (const [type, body] of [
        ['application/json', '{"a":'],
        ['application/json', `${'['.repeat(50_000)}`],
        ['application/json', '"text"'],
        ['application/json', `{"a":"${'x'.repeat(3_000_000)}"}`],
      ] as const) {
        api.clock.now += 60_000;
        const response = await fetch(`${api.base}${path.replace(/:\w+/g, '1')}`, {
          method: method.toUpperCase(),
          headers: {
            'content-type': type,
            authorization: `Bearer ${who === 'service' ? SERVICE : person.access}`,
          },
          body,
        });
        const text = await response.text();
        if (response.status < 400 || response.status >= 500 || !/"kind":"/.test(text))
          wrong.push(
            `${method} ${path} ${type} ${body.slice(0, 20)}: ${response.status} ${text.slice(0, 120)}`,
          );
      }
    expect(wrong).toEqual([]);
  }, 120_000);
});
