/** The OpenAPI document, from the table of routes. */
import { Problem } from '@matchbook/protocol/http/fields';
import type { TSchema } from 'typebox';
import { ROUTES, type Route } from './table.ts';

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
