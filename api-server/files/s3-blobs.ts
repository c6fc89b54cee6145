import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { BlobFailure } from './blob-failures.ts';
import { type BlobStore, type ByteRange, KEY } from './blob-store.ts';
import { failureIn, type ListPage, pageIn } from './s3-answers.ts';

export interface S3Config {
  /** Base address, with the bucket in the path: `https://host/bucket`. */
  endpoint: string;
  bucket: string;
  region: string;
  keyId: string;
  secret: string;
}

/** What is read of an answer that is no file, bytes. */
const ANSWER = 4 * 1024 * 1024;
/** SHA-256 of nothing: the body of every request but PUT. */
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** How patient this server is with the store; shorter in tests. */
export interface Patience {
  /** Without a byte in either direction for this long, a request has failed, ms. */
  silence: number;
  /** Tries of one request, and of reading on where an answer broke off without bringing a byte. */
  tries: number;
  /** Pause before the second try, doubling, random below that, ms. */
  pause: number;
}
const PATIENCE: Patience = { silence: 30_000, tries: 4, pause: 200 };

/**
 * In an S3-compatible store, by path-style addresses and Signature Version 4; a file is one object. Who asks gets a `BlobFailure`: what the store may
 * answer later was tried again here, as often as `Patience` says.
 */
export function s3Blobs(config: S3Config, patience: Patience = PATIENCE): BlobStore {
  const base = `${config.endpoint.replace(/\/+$/, '')}/${config.bucket}`;

  async function askOnce({ method, path, headers = {}, body }: S3Request): Promise<IncomingMessage> {
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
          timeout: patience.silence,
          headers: {
            ...Object.fromEntries(signed.headers),
            ...(body ? { 'content-length': body.size } : {}),
          },
        },
        resolve,
      );
      request.on('error', (error: NodeJS.ErrnoException) =>
        reject(
          error instanceof LocalFailure
            ? error.cause
            : new BlobFailure('away', `the file store: ${error.code ?? error.message}`),
        ),
      );
      request.once('timeout', () => request.destroy(new Error('silent')));
      if (!body) return void request.end();
      if ('text' in body) return void request.end(body.text);
      const file = createReadStream(body.path);
      file.once('error', (error) => request.destroy(new LocalFailure(error)));
      request.once('close', () => file.destroy());
      file.pipe(request);
    });
  }

  /** What is made of an answer of one of these statuses; what asks for patience, or breaks off, is asked again. */
  async function ask<T>(
    request: S3Request,
    statuses: readonly number[],
    take: (answer: IncomingMessage) => T | Promise<T>,
  ): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        const answer = await askOnce(request);
        const status = answer.statusCode ?? 0;
        if (!statuses.includes(status)) throw failureIn(status, await textOf(answer));
        return await take(answer);
      } catch (error) {
        const again = error instanceof BlobFailure && error.kind === 'away' && tried < patience.tries;
        if (!again) throw error;
        await pause(tried);
      }
    }
  }

  const pause = (tried: number) => sleep(Math.random() * patience.pause * 2 ** (tried - 1));

  const range = ({ from, to }: ByteRange): Record<string, string> => ({ range: `bytes=${from}-${to}` });

  /** Of an object that never changes: where an answer breaks off, the next one goes on. */
  async function* bytesOf(key: string, answer: IncomingMessage, asked: ByteRange): AsyncGenerator<Buffer> {
    let at = asked.from;
    for (let tried = 1; ; tried++) {
      try {
        for await (const piece of answer as AsyncIterable<Buffer>) {
          at += piece.length;
          tried = 0;
          yield piece;
        }
        if (at > asked.to) return;
      } catch (error) {
        if (at > asked.to) return;
        if (tried >= patience.tries)
          throw new BlobFailure('away', `the file store broke off: ${(error as Error).message}`);
      }
      if (tried >= patience.tries) throw new BlobFailure('away', 'the file store broke off');
      await pause(tried + 1);
      const rest = { method: 'GET', path: `/${key}`, headers: range({ from: at, to: asked.to }) };
      answer = await ask(rest, [206], whole);
    }
  }

  return {
    async put(key, path, size, sha256) {
      await ask({ method: 'PUT', path: `/${checked(key)}`, body: { path, size, sha256 } }, [200], textOf);
    },
    async has(key) {
      const answer = await ask({ method: 'HEAD', path: `/${checked(key)}` }, [200, 404], whole);
      answer.resume();
      return answer.statusCode === 200;
    },
    async read(key, asked) {
      const request = { method: 'GET', path: `/${checked(key)}`, headers: asked ? range(asked) : {} };
      const answer = await ask(request, [asked ? 206 : 200], whole);
      const from = asked?.from ?? 0;
      const length = Number(answer.headers['content-length'] ?? Number.NaN);
      // Of a store that does not say how much it has, its end is believed.
      const to = asked?.to ?? (Number.isNaN(length) ? -1 : length - 1);
      return Readable.from(bytesOf(key, answer, { from, to }), { objectMode: false });
    },
    async delete(key) {
      await ask({ method: 'DELETE', path: `/${checked(key)}` }, [204, 200, 404], textOf);
    },
    async *list() {
      for (let token: string | null = null; ; ) {
        const from: string = token === null ? '' : `&continuation-token=${encodeURIComponent(token)}`;
        const request = { method: 'GET', path: `?list-type=2&max-keys=1000${from}` };
        const { objects, next }: ListPage = pageIn(await ask(request, [200], textOf));
        for (const one of objects) if (KEY.test(one.key)) yield one;
        if (next === null) return;
        token = next;
      }
    },
    close: () => {},
    marker: {
      async read() {
        const request = { method: 'GET', path: MARKER };
        const ours = async (answer: IncomingMessage) => ({
          there: answer.statusCode === 200,
          text: await textOf(answer),
        });
        const { there, text } = await ask(request, [200, 404], ours);
        return there ? text : null;
      },
      async write(text) {
        const sha256 = createHash('sha256').update(text).digest('hex');
        const body = { text, size: Buffer.byteLength(text), sha256 };
        await ask({ method: 'PUT', path: MARKER, body }, [200], textOf);
      },
    },
  };
}

const MARKER = '/matchbook-server';

interface S3Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: ({ path: string } | { text: string }) & { size: number; sha256: string };
}

/** Of this machine's own file, not of the store. */
class LocalFailure extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** As it is: its bytes are for who asked. */
const whole = (answer: IncomingMessage) => answer;

function checked(key: string): string {
  if (!KEY.test(key)) throw new Error('not a key of a blob');
  return key;
}

/** The text of an answer, whole. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > ANSWER) throw new BlobFailure('refused', 'the file store answers without end');
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof BlobFailure) throw error;
    throw new BlobFailure('away', `the file store broke off: ${(error as Error).message}`);
  }
  return Buffer.concat(pieces).toString('utf8');
}
