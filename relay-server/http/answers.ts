/** Bodies in, bodies out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FAILURES, type Failure } from '@matchbook/protocol/failures';

/** Requests name no scheme and no host that would matter. */
const BASE = 'http://relay';

/** Path and query that a request asks for; null where its target is none. */
export function targetOf({ url = '/' }: IncomingMessage): URL | null {
  return URL.canParse(url, BASE) ? new URL(url, BASE) : null;
}

/** Null where it is longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined for what is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  jsonText(response, status, JSON.stringify(body));
}

export function jsonText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(text);
}

/** `application/problem+json` of RFC 9457. */
export function problem(
  response: ServerResponse,
  failure: Failure,
  status = FAILURES[failure.kind].status ?? 500,
): void {
  const { kind, message, retryAfter } = failure;
  // A body that was not read to its end would be taken for the next request.
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    connection: 'close',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) }),
  });
  response.end(JSON.stringify({ type: 'about:blank', title: kind, status, detail: message, ...failure }));
}
