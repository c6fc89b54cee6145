import { createReadStream } from 'node:fs';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AwsV4Signer } from 'aws4fetch';
import { parseDocument } from 'htmlparser2';
import { type BlobStore, KEY } from './blob-store.ts';

export interface S3Config {
  /** Base address, with the bucket in the path: `https://host/bucket`. */
  endpoint: string;
  bucket: string;
  region: string;
  keyId: string;
  secret: string;
}

/** Without a byte in either direction for this long, a request has failed, ms. */
const SILENCE = 30_000;
/** What is read of an answer that is no file, bytes. */
const ANSWER = 4 * 1024 * 1024;
/** SHA-256 of nothing: the body of every request but PUT. */
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** In an S3-compatible store, by path-style addresses and Signature Version 4; a file is one object. */
export function s3Blobs(config: S3Config): BlobStore {
  const base = `${config.endpoint.replace(/\/+$/, '')}/${config.bucket}`;

  async function ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: { path: string; size: number; sha256: string },
  ): Promise<IncomingMessage> {
    const signer = new AwsV4Signer({
      method,
      url: base + path,
      headers: { ...headers, 'x-amz-content-sha256': body?.sha256 ?? NOTHING },
      accessKeyId: config.keyId,
      secretAccessKey: config.secret,
      region: config.region,
      service: 's3',
    });
    const signed = await signer.sign();
    const send = signed.url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request: ClientRequest = send(
        signed.url,
        {
          method,
          timeout: SILENCE,
          headers: {
            ...Object.fromEntries(signed.headers),
            ...(body ? { 'content-length': body.size } : {}),
          },
        },
        resolve,
      );
      request.once('error', reject);
      request.once('timeout', () => request.destroy(new Error('the file store is silent')));
      if (!body) return void request.end();
      const file = createReadStream(body.path);
      file.once('error', (error) => request.destroy(error));
      file.pipe(request);
    });
  }

  return {
    async put(key, path, size, sha256) {
      const answer = await ask('PUT', `/${checked(key)}`, {}, { path, size, sha256 });
      await finished(answer, 200);
    },
    async has(key) {
      const answer = await ask('HEAD', `/${checked(key)}`);
      answer.resume();
      if (answer.statusCode === 200 || answer.statusCode === 404) return answer.statusCode === 200;
      throw new Error(`the file store answered ${answer.statusCode}`);
    },
    async read(key, range) {
      const headers = range ? { range: `bytes=${range.from}-${range.to}` } : {};
      const answer = await ask('GET', `/${checked(key)}`, headers as Record<string, string>);
      if (answer.statusCode === (range ? 206 : 200)) return answer;
      await finished(answer, 200);
      throw new Error(`the file store answered ${answer.statusCode}`);
    },
    async delete(key) {
      await finished(await ask('DELETE', `/${checked(key)}`), 204, 200, 404);
    },
    async *list() {
      for (let after = ''; ; ) {
        const query = `?list-type=2&max-keys=1000${after ? `&start-after=${after}` : ''}`;
        const found = objectsIn(await finished(await ask('GET', query), 200));
        for (const one of found) if (KEY.test(one.key)) yield one;
        const last = found.at(-1)?.key;
        if (last === undefined || found.length < 1_000) return;
        after = encodeURIComponent(last);
      }
    },
    close: () => {},
  };
}

function checked(key: string): string {
  if (!KEY.test(key)) throw new Error('not a key of a blob');
  return key;
}

/** The text of an answer of one of these statuses. */
async function finished(answer: IncomingMessage, ...statuses: number[]): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > ANSWER) throw new Error('the file store answers without end');
    pieces.push(piece);
  }
  if (!statuses.includes(answer.statusCode ?? 0))
    throw new Error(`the file store answered ${answer.statusCode}`);
  return Buffer.concat(pieces).toString('utf8');
}

interface Element {
  name?: string;
  data?: string;
  children?: Element[];
}

function objectsIn(xml: string): { key: string; time: number }[] {
  const found: { key: string; time: number }[] = [];
  const textOf = (element: Element | undefined) =>
    element?.children?.map(({ data = '' }) => data).join('') ?? '';
  const walk = (element: Element): void => {
    if (element.name === 'Contents') {
      const part = (name: string) => textOf(element.children?.find((child) => child.name === name));
      found.push({ key: part('Key'), time: Date.parse(part('LastModified')) });
    } else for (const child of element.children ?? []) walk(child);
  };
  walk(parseDocument(xml, { xmlMode: true }) as Element);
  return found;
}
