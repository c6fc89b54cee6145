/**
 * One upload by the tus protocol (tus.io/protocols/resumable-upload, 1.0.0): made, asked where it stands, sent piece by piece. Three requests, over the app's own network
 * stack; why no library does it stands in docs/decisions/0021.
 */
import { open } from 'node:fs/promises';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { FileServer } from './file-server.ts';
import { PIECE } from './pace.ts';

const UPLOADS = '/api/files/uploads';
/** A request that has not ended by then is given up, ms. */
const PATIENCE = 60_000;

export interface TusUpload {
  account: string;
  /** SHA-256 of the bytes, hex. */
  hash: string;
  size: number;
  path: string;
  /** Of an upload that was begun before; null where there is none. */
  id: string | null;
  /** Durably noted before the first byte goes. */
  begun(id: string): Promise<void>;
  progress(sent: number): void;
  signal: AbortSignal;
}

/** Until the server has all of it. @throws LocalError; with the same `id` it goes on from where it stood */
export async function sendFile(server: FileServer, upload: TusUpload, clock: () => number): Promise<void> {
  const { account, size, path, progress } = upload;
  const pace = server.pace(account);
  let id = upload.id;
  let offset = id === null ? null : await offsetOf(server, upload, id);
  if (id === null || offset === null) {
    id = await create(server, upload);
    await upload.begun(id);
    offset = 0;
  }
  progress(offset);
  const handle = await open(path, 'r').catch(() => {
    throw new LocalError('file_missing', 'The file is not on this device any more.');
  });
  try {
    let length: number = PIECE.first;
    while (offset < size) {
      const piece = Buffer.alloc(Math.min(length, pace.most, size - offset));
      const { bytesRead } = await handle.read(piece, 0, piece.length, offset);
      if (bytesRead === 0) throw new LocalError('file_missing', 'The file is shorter than it was.');
      const begun = clock();
      try {
        offset = await patch(server, upload, id, offset, piece.subarray(0, bytesRead));
      } catch (error) {
        if (!upload.signal.aborted) pace.failed(bytesRead);
        throw error;
      }
      pace.went();
      progress(offset);
      const took = Math.max(1, clock() - begun);
      length = Math.min(PIECE.most, Math.max(PIECE.least, Math.round((length * PIECE.time) / took)));
    }
  } finally {
    await handle.close();
  }
  await server.ask(account, `${UPLOADS}/${id}/result`, options(upload, 'GET', {}));
}

/** Forgets an upload that is not wanted any more. */
export async function endUpload(
  server: FileServer,
  account: string,
  id: string,
  signal = AbortSignal.timeout(PATIENCE),
): Promise<void> {
  const headers = { 'tus-resumable': '1.0.0' };
  await server.ask(account, `${UPLOADS}/${id}`, {
    method: 'DELETE',
    headers,
    signal,
  });
}

async function create(server: FileServer, upload: TusUpload): Promise<string> {
  const response = await server.ask(
    upload.account,
    UPLOADS,
    options(upload, 'POST', {
      'upload-length': String(upload.size),
      'upload-metadata': `sha256 ${Buffer.from(upload.hash).toString('base64')}`,
    }),
  );
  const id = (response.headers.get('location') ?? '').split('/').at(-1) ?? '';
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id))
    throw new LocalError('server_failed', 'The server made an upload and did not say which.');
  return id;
}

/** Null where the server does not know it any more. */
async function offsetOf(server: FileServer, upload: TusUpload, id: string): Promise<number | null> {
  try {
    const response = await server.ask(upload.account, `${UPLOADS}/${id}`, options(upload, 'HEAD', {}));
    return offsetIn(response, upload.size);
  } catch (error) {
    if (asFailure(error).kind === 'not_found') return null;
    throw error;
  }
}

async function patch(
  server: FileServer,
  upload: TusUpload,
  id: string,
  offset: number,
  piece: Uint8Array,
): Promise<number> {
  const response = await server.ask(upload.account, `${UPLOADS}/${id}`, {
    ...options(upload, 'PATCH', {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
    }),
    body: piece as unknown as string,
  });
  const next = offsetIn(response, upload.size);
  if (next <= offset) throw new LocalError('server_failed', 'The server took nothing of it.');
  return next;
}

function offsetIn(response: Response, size: number): number {
  const offset = Number(response.headers.get('upload-offset') ?? Number.NaN);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > size)
    throw new LocalError('server_failed', 'The server does not say how much of it it has.');
  return offset;
}

const options = (upload: TusUpload, method: string, headers: Record<string, string>): RequestInit => ({
  method,
  headers: { 'tus-resumable': '1.0.0', ...headers },
  signal: AbortSignal.any([upload.signal, AbortSignal.timeout(PATIENCE)]),
});
