import { LocalError } from '../bridge/local-failure.ts';

/** No answer of a server is as large. */
export const JSON_BYTES = 64 * 1024 * 1024;

/** What a server says, as JSON. Any server that an invitation names may be asked, and one that never ends would take all memory. @throws LocalError `server_failed`, SyntaxError */
export async function jsonOf({ body }: Response): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    // Left so, the stream is cancelled.
    if (bytes > JSON_BYTES)
      throw new LocalError('server_failed', 'The server answers with more than any answer is.');
    pieces.push(piece);
  }
  return JSON.parse(new TextDecoder().decode(Buffer.concat(pieces)));
}
