/**
 * An S3 server for tests, which believes nobody: the signature of every request is computed again by AWS's own signer, bodies are hashed, and lists come in short
 * pages, as stores are free to do. Faults are put in its way.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HashConstructor } from '@smithy/types';

/** What happens to a request instead of its answer. */
export type Fault = (request: IncomingMessage, response: ServerResponse, content: Buffer | undefined) => void;

export interface S3Server {
  endpoint: string;
  objects: Map<string, Buffer>;
  /** `METHOD path?query` of every request, in order. */
  asked: string[];
  /** For the next requests, one each; then it works again. */
  faults: Fault[];
  close(): Promise<void>;
}

export const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
export const BUCKET = 'files';
export const REGION = 'eu-central-1';

/** A hash as the signer wants it. */
class Sha256 {
  #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(piece: string | Uint8Array): void {
    this.#hash.update(piece);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** As AWS answers, in XML. */
export function refusal(
  response: ServerResponse,
  status: number,
  code: string,
  more: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...more });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>of the test</Message></Error>`);
}

/** @param page keys of one page of a list, however many were asked for */
export async function startS3({ page = 1_000 } = {}): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const times = new Map<string, string>();
  const asked: string[] = [];
  const faults: Fault[] = [];
  const signer = new SignatureV4({
    credentials: CREDENTIALS,
    region: REGION,
    service: 's3',
    sha256: Sha256 as unknown as HashConstructor,
    uriEscapePath: false,
    applyChecksum: false,
  });

  async function isSigned(request: IncomingMessage, url: URL): Promise<boolean> {
    const { authorization = '' } = request.headers;
    const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
    if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.includes(name))) return false;
    const stamp = String(request.headers['x-amz-date']);
    const signed = await signer.sign(
      {
        method: request.method!,
        protocol: 'http:',
        hostname: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
      },
      {
        signingDate: new Date(
          stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
        ),
      },
    );
    const signatureIn = (text: string | undefined) => /Signature=([0-9a-f]{64})/.exec(text ?? '')?.[1];
    return (
      authorization.includes(`Credential=${CREDENTIALS.accessKeyId}/`) &&
      signatureIn(authorization) === signatureIn(signed.headers.authorization)
    );
  }

  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => refusal(response, 500, String(error)));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    asked.push(`${request.method} ${request.url}`);
    const [, bucket, key = ''] = url.pathname.split('/');
    const content = objects.get(key);
    const fault = faults.shift();
    if (fault) return fault(request, response, content);
    const body = await buffer(request);
    if (!(await isSigned(request, url))) return refusal(response, 403, 'SignatureDoesNotMatch');
    if (createHash('sha256').update(body).digest('hex') !== request.headers['x-amz-content-sha256'])
      return refusal(response, 400, 'XAmzContentSHA256Mismatch');
    if (bucket !== BUCKET) return refusal(response, 404, 'NoSuchBucket');
    switch (request.method) {
      case 'PUT':
        objects.set(key, body);
        times.set(key, new Date().toISOString());
        return void response.end();
      case 'DELETE':
        objects.delete(key);
        return void response.writeHead(204).end();
      case 'HEAD':
        return void response.writeHead(content ? 200 : 404).end();
      default:
        if (key === '') return list(url, response);
        if (!content) return refusal(response, 404, 'NoSuchKey');
        return give(request, response, content);
    }
  }

  function list({ searchParams }: URL, response: ServerResponse): void {
    const token = searchParams.get('continuation-token');
    // As opaque as theirs: with characters that an address has to escape.
    const after = token === null ? '' : Buffer.from(token.replace(/^\+\/=/, ''), 'base64').toString();
    const keys = [...objects.keys()].sort().filter((key) => key > after);
    const some = keys.slice(0, Math.min(page, Number(searchParams.get('max-keys') ?? 1_000)));
    const more = keys.length > some.length;
    const next = `+/=${Buffer.from(some.at(-1) ?? '').toString('base64')}`;
    response.end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${some
        .map((key) => `<Contents><Key>${key}</Key><LastModified>${times.get(key)}</LastModified></Contents>`)
        .join('')}${more ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''}</ListBucketResult>`,
    );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ objects, asked, faults },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The bytes, or a range of them. */
function give(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === '') return void response.writeHead(200, { 'content-length': content.length }).end(content);
  const piece = content.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
  response
    .writeHead(206, {
      'content-length': piece.length,
      'content-range': `bytes ${from}-${Number(from) + piece.length - 1}/${content.length}`,
    })
    .end(piece);
}
