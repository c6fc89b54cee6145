/** Fetches the beginning of a web page from a public server: every address is looked up once and pinned, every redirect is judged anew, time and bytes are bounded. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { pinned, type Resolver } from './addresses.ts';

export const FETCH_LIMITS = {
  /** For everything, redirects included, ms. */
  time: 5_000,
  redirects: 3,
  /** Of the page, after decompression; its head is in there. */
  bytes: 1024 * 1024,
  url: 2_048,
} as const;

export interface Page {
  /** Where it was in the end. */
  url: string;
  contentType: string;
  body: Buffer;
}

/** What it is refused for is not told to who asks: it would tell what there is inside. */
export class NoPage extends Error {}

const AGENT = 'Matchbook-Preview/1.0';
const DECODERS: Record<string, () => NodeJS.ReadWriteStream & Readable> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

/** @throws NoPage */
export async function fetchPage(address: string, resolver: Resolver): Promise<Page> {
  const stop = AbortSignal.timeout(FETCH_LIMITS.time);
  let url = checked(address);
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(url, resolver, stop);
    const { statusCode = 0, headers } = answer;
    if (statusCode >= 300 && statusCode < 400 && headers.location) {
      answer.destroy();
      if (redirects === FETCH_LIMITS.redirects) throw new NoPage('too many redirects');
      url = checked(headers.location, url);
      continue;
    }
    const contentType = headers['content-type'] ?? '';
    if (statusCode !== 200 || !/^(text\/html|application\/xhtml\+xml)\b/i.test(contentType)) {
      answer.destroy();
      throw new NoPage(`no page: ${statusCode}`);
    }
    return { url: url.href, contentType, body: await beginning(answer, stop) };
  }
}

function checked(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new NoPage('no address');
  }
  if (url.href.length > FETCH_LIMITS.url) throw new NoPage('too long');
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) throw new NoPage('not of the web');
  url.hash = '';
  return url;
}

async function ask(url: URL, resolver: Resolver, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const target = await pinned(resolver, url.hostname, port).catch((error: Error) => {
    throw new NoPage(error.message);
  });
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(
      url,
      {
        signal,
        agent: false,
        // The name is not looked up again: it could be answered otherwise by then.
        lookup: (_name, options, callback) =>
          options.all ? callback(null, [target]) : callback(null, target.address, target.family),
        headers: {
          'user-agent': AGENT,
          accept: 'text/html,application/xhtml+xml;q=0.9',
          'accept-encoding': 'gzip, br, deflate',
        },
      },
      resolve,
    );
    request.once('error', (error) => reject(new NoPage(error.message)));
    request.end();
  });
}

async function beginning(answer: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  const decoder = DECODERS[(answer.headers['content-encoding'] ?? '').toLowerCase()];
  const stream: Readable = decoder ? answer.pipe(decoder()) : answer;
  const pieces: Buffer[] = [];
  let size = 0;
  const cut = () => stream.destroy(new Error('out of time'));
  signal.addEventListener('abort', cut, { once: true });
  answer.once('error', (error) => stream.destroy(error));
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      // A page that goes on is cut; a bomb does not unfold.
      if (size >= FETCH_LIMITS.bytes) break;
    }
  } catch (error) {
    throw new NoPage((error as Error).message);
  } finally {
    signal.removeEventListener('abort', cut);
    answer.destroy();
  }
  return Buffer.concat(pieces).subarray(0, FETCH_LIMITS.bytes);
}
