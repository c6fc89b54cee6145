/** Failures as answers: problem+json (RFC 9457) with the members that clients decide by. */
import { FAILURES, type Failure, FailureError } from '@matchbook/protocol/failures';
import { textFault } from '@matchbook/protocol/text';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';

export function problem(kind: Failure['kind'], message: string, more: Partial<Failure> = {}): FailureError {
  return new FailureError({ ...more, kind, message });
}

/**
 * The value, if it fits the schema, and holds no text that only one of the databases would take as it is.
 *
 * @throws FailureError `invalid_field` with the field and, where there is one, the limit; `invalid_text`
 */
export function parsed<S extends TSchema>(schema: S, value: unknown): import('typebox').Static<S> {
  const fitting = fitted(schema, value);
  checkTexts(fitting, '');
  return fitting;
}

/** @throws FailureError `invalid_text` with the field */
export function checkTexts(value: unknown, field: string): void {
  if (typeof value === 'string' && textFault(value))
    throw problem('invalid_text', `${field || '(body)'}: a character that cannot be stored.`, { field });
  if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) checkTexts(one, field ? `${field}.${key}` : key);
}

/**
 * The value, if it fits the schema; whatever its texts hold.
 *
 * @throws FailureError `invalid_field` with the field and, where there is one, the limit
 */
export function fitted<S extends TSchema>(schema: S, value: unknown): import('typebox').Static<S> {
  if (Check(schema, value)) return value as import('typebox').Static<S>;
  const [first] = Errors(schema, value) as { instancePath: string; message: string; params?: object }[];
  const params = first?.params ?? {};
  const extra = 'additionalProperties' in params ? [params.additionalProperties].flat()[0] : undefined;
  const field =
    [first?.instancePath.slice(1).replaceAll('/', '.'), extra].filter(Boolean).join('.') || '(body)';
  const limit = 'limit' in params && typeof params.limit === 'number' ? { limit: params.limit } : {};
  throw problem('invalid_field', `${field}: ${first?.message ?? 'invalid'}`, { field, ...limit });
}

export function answer(response: Response, failure: Failure): void {
  const status = FAILURES[failure.kind].status ?? 400;
  if (failure.retryAfter !== undefined) response.set('Retry-After', String(Math.ceil(failure.retryAfter)));
  if (failure.kind === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
  response
    .status(status)
    .type('application/problem+json')
    .json({
      type: `urn:matchbook:${failure.kind}`,
      title: failure.kind,
      status,
      detail: failure.message,
      ...failure,
    });
}

export const notFound: RequestHandler = (_request, response) =>
  answer(response, { kind: 'not_found', message: 'There is no such route.' });

/**
 * @param isUnavailable of what a query threw: whether the database is away, and the same request may succeed soon
 * @param ofFiles what a failure of the file store is to who asked; null for what is none
 */
export function errorHandler(
  log: Logger,
  isUnavailable: (error: unknown) => boolean,
  ofFiles: (error: unknown) => Failure | null,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof FailureError) return answer(response, error.failure);
    if (isUnavailable(error)) {
      log.warn({ err: error, route: request.route?.path }, 'the database is away');
      return answer(response, {
        kind: 'storage_unavailable',
        message: 'The database cannot be reached now.',
        retryAfter: 2,
      });
    }
    const files = ofFiles(error);
    if (files) {
      log.error({ err: error, route: request.route?.path }, 'a file could not be read');
      return answer(response, files);
    }
    const parser = error as { type?: string; status?: number; limit?: number };
    if (parser.type === 'entity.too.large')
      return answer(response, {
        kind: 'frame_too_large',
        message: 'The request body is too large.',
        ...(parser.limit ? { limit: parser.limit } : {}),
      });
    if (
      parser.type === 'entity.parse.failed' ||
      parser.type?.startsWith('encoding') ||
      parser.type?.startsWith('charset')
    )
      return answer(response, { kind: 'bad_json', message: 'The request body is not JSON.' });
    if (parser.status === 400)
      return answer(response, { kind: 'bad_frame', message: 'The request cannot be read.' });
    log.error({ err: error, route: request.route?.path, method: request.method }, 'request failed');
    answer(response, { kind: 'internal', message: 'The server failed; the cause is in its log.' });
  };
}
