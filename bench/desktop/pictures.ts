/** Pictures at a server, as photographs are: of several shapes, all different, too large to be shown whole. */
import { createHash } from 'node:crypto';
import type { FileReference } from '@matchbook/protocol/message-body';
import sharp from 'sharp';

const SHAPES = [
  [1600, 1200],
  [1200, 1600],
  [1920, 1080],
  [1400, 1400],
] as const;
/** A grey blur: what is measured is that it is drawn, not what it shows. */
const BLURHASH = 'L6PZfSi_.AyE_3t7t7R**0o#DgR4';

/** Brings so many pictures to a server, in the name of who has the token. */
export async function broughtPictures(api: string, token: string, count: number): Promise<FileReference[]> {
  const files: FileReference[] = [];
  for (let i = 0; i < count; i++) {
    const [width, height] = SHAPES[i % SHAPES.length]!;
    const noise = { type: 'gaussian' as const, mean: 100 + i * 4, sigma: 30 };
    const bytes = await sharp({ create: { width, height, channels: 3, background: '#888', noise } })
      .jpeg({ quality: 80 })
      .toBuffer();
    const hash = createHash('sha256').update(bytes).digest('hex');
    await bring(api, token, hash, bytes);
    const name = `Photograph ${i + 1}.jpg`;
    files.push({
      ...{ hash, name, type: 'image/jpeg', size: bytes.length },
      ...{ width, height, blurhash: BLURHASH },
    });
  }
  return files;
}

async function bring(api: string, token: string, hash: string, bytes: Buffer): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const metadata = `sha256 ${Buffer.from(hash).toString('base64')}`;
  const created = await fetch(`${api}/api/files/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': metadata },
  });
  const sent = await fetch(new URL(created.headers.get('location')!, `${api}/api/files/uploads`), {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: new Uint8Array(bytes),
  });
  if (sent.status !== 204) throw new Error(`The picture was refused: ${sent.status}`);
}
