/** `app://matchbook/...`: the pages of the app, instead of file://, with their headers. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type FileRequest, isFilePath } from '../files/file-protocol.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.json': 'application/json',
};

/** @param connect addresses that the session host may talk to; windows talk to nobody */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "worker-src 'self'",
    `connect-src ${connect.length > 0 ? connect.join(' ') : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** Servers of the signed-in accounts as sources of a policy; relays also by HTTP, where no WebSocket can be had. */
export function connectSources(accounts: readonly { api: string; relay?: string | undefined }[]): string[] {
  const origins = accounts.flatMap(({ api, relay }) => [
    originOf(api),
    ...(relay === undefined ? [] : [originOf(relay), originOf(relay.replace(/^ws/, 'http'))]),
  ]);
  return [...new Set(origins.filter((origin) => origin !== null))];
}

/** As Electron's stream protocol takes it. Not a `Response`: the library behind that takes longer to load than the first page. */
export interface PageAnswer {
  statusCode: number;
  headers: Record<string, string>;
  data: Readable;
}

export interface PageRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
}

export interface AppProtocolParts {
  /** Folder of the built pages. */
  root: string;
  host: string;
  connect(): Promise<readonly string[]> | readonly string[];
  /** Files of messages. */
  files(request: FileRequest): Promise<Response>;
}

export function appProtocol({
  root,
  host,
  connect,
  files,
}: AppProtocolParts): (request: PageRequest) => Promise<PageAnswer> {
  return async ({ url, method, headers }) => {
    const { hostname, pathname } = new URL(url);
    if (hostname === host && isFilePath(pathname))
      return answerOf(await files({ method, pathname, range: headerOf(headers, 'range') }));
    const file = hostname === host && method === 'GET' ? fileOf(root, pathname) : null;
    const type = file === null ? undefined : TYPES[extname(file)];
    if (file === null || type === undefined) return notFound();
    let data: Buffer;
    try {
      data = await readFile(file);
    } catch {
      return notFound();
    }
    const isHost = pathname === '/session-host.html';
    return {
      statusCode: 200,
      data: Readable.from(data),
      headers: {
        'content-type': type,
        'content-security-policy': contentSecurityPolicy(isHost ? await connect() : []),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      },
    };
  };
}

/** The file of a path, or null where it leads out of the folder. */
function fileOf(root: string, pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = normalize(join(root, path === '/' ? 'index.html' : path));
  return file.startsWith(root.endsWith(sep) ? root : root + sep) ? file : null;
}

function originOf(address: string): string | null {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return null;
  }
}

const notFound = (): PageAnswer => ({
  statusCode: 404,
  headers: { 'content-type': 'text/plain' },
  data: Readable.from('Not found'),
});

const headerOf = (headers: Record<string, string>, name: string): string | null =>
  Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1] ?? null;

const answerOf = ({ status, headers, body }: Response): PageAnswer => ({
  statusCode: status,
  headers: Object.fromEntries(headers),
  data: body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]),
});
