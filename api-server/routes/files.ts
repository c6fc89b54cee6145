import { pipeline } from 'node:stream/promises';
import type { StoredFile } from '@matchbook/protocol/http/files';
import { INLINE_TYPES } from '@matchbook/protocol/media-type';
import { type Request, type Response, Router } from 'express';
import type { Logger } from 'pino';
import type { Authentication } from '../authentication.ts';
import { type ByteRange, thumbnailOf } from '../files/blob-store.ts';
import type { Files } from '../files/files.ts';
import { UPLOADS_PATH, type Uploads } from '../files/uploads.ts';
import { problem } from '../problems.ts';

const HASH = /^[0-9a-f]{64}$/;
const NAME_LENGTH = 255;
/** What is addressed by its content never changes. */
const FOREVER = 'private, max-age=31536000, immutable';

export function fileRoutes(parts: {
  files: Files;
  uploads: Uploads;
  authentication: Authentication;
  log: Logger;
}): Router {
  const { files, uploads, authentication, log } = parts;
  const router = Router();
  router.get(`${UPLOADS_PATH}/:id/result`, async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await uploads.result(user, String(request.params.id)));
  });
  router.all(`${UPLOADS_PATH}{/:id}`, async (request, response) => {
    const { user } = await authentication.person(request);
    await uploads.handle(user, request, response);
  });
  router.get('/api/files/room', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await uploads.room(user));
  });
  // Express answers HEAD by these too.
  router.get('/api/files/:hash', async (request, response) => {
    const { user } = await authentication.person(request);
    const file = await files.readable(user, hashOf(request));
    await send(request, response, { ...file, key: file.hash });
  });
  router.get('/api/files/:hash/thumbnail', async (request, response) => {
    const { user } = await authentication.person(request);
    const file = await files.readable(user, hashOf(request));
    if (!file.thumbnail) throw problem('not_found', 'There is no smaller image of it.');
    const key = thumbnailOf(file.hash);
    const headers = safe('image/webp', 'thumbnail.webp', key);
    if (isHeld(request, key)) return void response.set(headers).status(304).end();
    if (request.method === 'HEAD') return void response.set(headers).end();
    await flow(key, headers, response);
  });

  async function send(
    request: Request,
    response: Response,
    file: StoredFile & { key: string },
  ): Promise<void> {
    const { key, size, type } = file;
    const headers: Record<string, string> = { ...safe(type, nameOf(request), key), 'Accept-Ranges': 'bytes' };
    if (isHeld(request, key)) return void response.set(headers).status(304).end();
    const condition = request.get('if-range');
    const asked = condition === undefined || condition === `"${key}"` ? request.get('range') : undefined;
    const range = asked === undefined ? null : rangeIn(asked, size);
    if (range === 'unsatisfiable')
      return void response.set('Content-Range', `bytes */${size}`).status(416).end();
    headers['Content-Length'] = String(range ? range.to - range.from + 1 : size);
    if (range) headers['Content-Range'] = `bytes ${range.from}-${range.to}/${size}`;
    response.status(range ? 206 : 200);
    if (request.method === 'HEAD' || size === 0) return void response.set(headers).end();
    await flow(key, headers, response, range ?? undefined);
  }

  /** @param headers set when the bytes are there: an answer that there are none is not kept for a year */
  async function flow(
    key: string,
    headers: Record<string, string>,
    response: Response,
    range?: ByteRange,
  ): Promise<void> {
    const bytes = await files.open(key, range);
    response.set(headers);
    await pipeline(bytes, response).catch((error: NodeJS.ErrnoException) => {
      // The reader went away; or the store did, and the connection ends before its length.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
        log.warn({ err: error, key }, 'a file was not read to its end');
      response.destroy();
    });
  }
  return router;
}

function hashOf(request: Request): string {
  const hash = String(request.params.hash);
  // The same as for one that is not there.
  if (!HASH.test(hash)) throw problem('not_found', 'There is no such file for you.');
  return hash;
}

/** Whether who asks has it already (RFC 9110, 13.1.2): of several tags one is enough, and a proxy may have made them weak. */
function isHeld(request: Request, key: string): boolean {
  const tags = (request.get('if-none-match') ?? '').split(',').map((tag) => tag.trim());
  return tags.some((tag) => tag === '*' || tag.replace(/^W\//, '') === `"${key}"`);
}

function nameOf({ query }: Request): string {
  const { name } = query;
  if (name === undefined) return 'file';
  if (typeof name !== 'string' || name.length > NAME_LENGTH)
    throw problem('invalid_field', `name: at most ${NAME_LENGTH} characters.`, {
      field: 'name',
      limit: NAME_LENGTH,
    });
  // No folders, no controls, no turning of the reading direction.
  return name.replace(/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '_') || 'file';
}

/** Nothing that a file holds runs, and nothing is guessed about it. */
function safe(type: string, name: string, key: string): Record<string, string> {
  const inline = INLINE_TYPES.has(type);
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return {
    'Content-Type': inline ? type : 'application/octet-stream',
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': FOREVER,
    ETag: `"${key}"`,
  };
}

/** A single range (RFC 9110, 14.1.2); null for what is none or several: the whole file is an answer to these. */
function rangeIn(header: string, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const last = Math.min(Number(match[2]), size);
    return last === 0 ? 'unsatisfiable' : { from: size - last, to: size - 1 };
  }
  const from = Number(match[1]);
  const to = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < from) return null;
  return from >= size ? 'unsatisfiable' : { from, to };
}
