/** `app://matchbook/file/<account>/<hash>`: files of messages for the app's own pages, with ranges. What could run script is only ever saved. */
import { Readable as NodeReadable } from 'node:stream';
import { INLINE_TYPES } from '@matchbook/protocol/media-type';
import { asFailure } from '../bridge/local-failure.ts';
import type { Downloads } from './downloads.ts';

const PATH = /^\/file\/([A-Za-z0-9_-]{1,64})\/([0-9a-f]{64})(\/thumbnail)?$/;

export interface FileProtocolParts {
  downloads: Downloads;
  /** It is on this device and was not signed out of. */
  isOpen(account: string): boolean;
}

export interface FileRequest {
  method: string;
  pathname: string;
  /** The header, where there is one. */
  range: string | null;
}

export const isFilePath = (pathname: string): boolean => pathname.startsWith('/file/');

/** @param request of a page of the app */
export async function fileResponse(
  { downloads, isOpen }: FileProtocolParts,
  { method, pathname, range }: FileRequest,
): Promise<Response> {
  const [, account = '', hash = '', thumbnail] = PATH.exec(pathname) ?? [];
  if (method !== 'GET' || account === '' || !isOpen(account)) return refusal(404, 'There is no such file.');
  try {
    const file = await downloads.open(account, hash, thumbnail === undefined ? '' : '.thumb');
    const inline = INLINE_TYPES.has(file.type);
    const headers: Record<string, string> = {
      'content-type': inline ? file.type : 'application/octet-stream',
      'content-disposition': inline ? 'inline' : 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      // Named by what is in it: it never changes. Not kept twice.
      'cache-control': 'no-store',
    };
    const asked = range === null ? null : rangeOf(range, file.size);
    if (asked === 'unsatisfiable')
      return new Response(null, { status: 416, headers: { 'content-range': `bytes */${file.size}` } });
    const { from, to } = asked ?? { from: 0, to: file.size };
    headers['content-length'] = String(to - from);
    if (asked) headers['content-range'] = `bytes ${from}-${to - 1}/${file.size}`;
    const body = from === to ? null : NodeReadable.toWeb(NodeReadable.from(file.read(from, to)));
    return new Response(body as ReadableStream | null, { status: asked ? 206 : 200, headers });
  } catch (error) {
    const { kind, message } = asFailure(error);
    return refusal(kind === 'not_found' || kind === 'forbidden' ? 404 : 503, message);
  }
}

/** One range of bytes (RFC 9110, 14.1.2), the end not with it; null where the header is none that we know: then all is sent. */
function rangeOf(header: string, size: number): { from: number; to: number } | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(Number(last) + 1, size);
  return from >= size || to <= from ? 'unsatisfiable' : { from, to };
}

const refusal = (status: number, words: string) =>
  new Response(words, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
