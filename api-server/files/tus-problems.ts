/** Refusals of the tus library as problem+json, as all of this server's are: what is wrong with which header, and the limit where there is one. */
import { type Failure, isFailureKind } from '@matchbook/protocol/failures';
import type { Server } from '@tus/server';

/** What the library's words are about. */
const HEADER = /\b(tus-resumable|upload-[a-z]+|content-type|content-length)\b/i;
/** Of what the library says by its status alone. */
const BY_STATUS: Readonly<Record<number, Pick<Failure, 'kind' | 'field'>>> = {
  403: { kind: 'invalid_field' },
  404: { kind: 'not_found', field: 'id' },
  405: { kind: 'not_found' },
  409: { kind: 'conflict', field: 'Upload-Offset' },
  410: { kind: 'not_found', field: 'id' },
  412: { kind: 'invalid_field', field: 'Tus-Resumable' },
  413: { kind: 'body_too_large', field: 'Upload-Length' },
  415: { kind: 'invalid_field', field: 'Content-Type' },
  501: { kind: 'invalid_field', field: 'Upload-Concat' },
};
/** What the server cannot do now may go in a moment, s. */
const AGAIN = 5;

/**
 * Has what a server of the library refuses said as a problem.
 *
 * @param sizeOf the size of an upload, for what is more than it; undefined where there is none
 */
export function withProblems(server: Server, sizeOf: (id: string) => Promise<number | undefined>): Server {
  // Every answer passes here, and no option of the library reaches all of them: a test looks at each kind.
  const through = server as unknown as { handler(request: Request): Promise<Response> };
  const handler = through.handler.bind(server);
  through.handler = async (request) => {
    const answer = await handler(request);
    if (answer.status < 400) return answer;
    const failure = failureOf(answer.status, (await answer.text()).trim());
    if (failure.kind === 'body_too_large' && failure.limit === undefined) {
      const limit = await sizeOf(new URL(request.url).pathname.split('/').at(-1) ?? '').catch(
        () => undefined,
      );
      if (limit !== undefined) failure.limit = limit;
    }
    const { headers, status } = answer;
    if (failure.retryAfter !== undefined && !headers.has('Retry-After'))
      headers.set('Retry-After', String(failure.retryAfter));
    const problem = {
      ...{ type: `urn:matchbook:${failure.kind}`, title: failure.kind, status, detail: failure.message },
      ...failure,
    };
    const body = JSON.stringify(problem);
    headers.set('Content-Type', 'application/problem+json; charset=utf-8');
    headers.set('Content-Length', String(Buffer.byteLength(body)));
    return new Response(body, { status, headers });
  };
  return server;
}

/** @param said a failure as JSON where it is ours, else words of the library */
function failureOf(status: number, said: string): Failure {
  try {
    const ours = JSON.parse(said) as Failure;
    if (isFailureKind(ours.kind)) return ours;
  } catch {
    // Words.
  }
  const named = HEADER.exec(said)?.[0];
  const known = BY_STATUS[status];
  if (known) return { ...known, ...(named ? { field: named } : {}), message: said };
  if (status >= 500) return { kind: 'storage_unavailable', message: said, retryAfter: AGAIN };
  if (status === 423) return { kind: 'rate_limited', message: said, retryAfter: AGAIN };
  return { kind: 'invalid_field', message: said, field: named ?? '(headers)' };
}
