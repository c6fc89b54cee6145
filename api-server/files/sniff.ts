/** What a file is, by its first bytes: never by what its sender says. */
import { open } from 'node:fs/promises';
import { HEAD_BYTES, mediaTypeOf } from '@matchbook/protocol/media-type';

export async function sniffed(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return mediaTypeOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
