/** Files and previews. */
import Type from 'typebox';
import { strict } from './fields.ts';

/** GET /api/files/uploads/:id/result. Uploads are tus 1.0.0 at /api/files/uploads, with Upload-Length, and `sha256` (hex) in Upload-Metadata; files are at /api/files/:hash, their smaller images at /api/files/:hash/thumbnail. */
export interface StoredFile {
  /** SHA-256, hex. */
  hash: string;
  size: number;
  /** As its first bytes say. */
  type: string;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  thumbnail: boolean;
}

/** GET /api/files/room: what one's files take at the server, bytes, and what they may. */
export const FileRoom = Type.Object({
  used: Type.Integer({ minimum: 0 }),
  most: Type.Integer({ minimum: 0 }),
  /** Of the largest file that is taken. */
  fileBytes: Type.Integer({ minimum: 0 }),
});
export type FileRoom = Type.Static<typeof FileRoom>;

/** POST /api/previews: what a web page says about itself. Images of it are not fetched, and not named: loading them would tell the page who reads. */
export const PreviewRequest = Type.Object(
  { url: Type.String({ pattern: '^https?://', maxLength: 2_048 }) },
  strict,
);
export const LinkPreview = Type.Object({
  /** Where the page was in the end. */
  url: Type.String(),
  title: Type.Union([Type.String(), Type.Null()]),
  description: Type.Union([Type.String(), Type.Null()]),
  siteName: Type.Union([Type.String(), Type.Null()]),
});
export type LinkPreview = Type.Static<typeof LinkPreview>;
