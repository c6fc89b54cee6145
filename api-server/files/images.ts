/** What is known of an image beside its bytes: its size, a smaller one of it, and a blur of it to show meanwhile. */
import { Line } from '@matchbook/protocol/in-turn';
import { encode as encodeBlurhash } from 'blurhash';
import type { Logger } from 'pino';
import { imageLibrary } from './image-library.ts';

export interface ImageFacts {
  width: number;
  height: number;
  blurhash: string;
}

/** Pixels of the largest image that is decoded: 64 megapixels take 256 MB. */
const PIXELS = 64_000_000;
/** For one image, s. */
const LIMIT = 20;
const THUMBNAIL = { width: 640, height: 640 };
const QUALITY = 78;
const BLUR = 32;
/** Decoding one image at a time is enough to fill a processor; what comes beyond the queue gets no smaller image. */
const WAITING = 20;
const TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const DECODERS = ['Png', 'Jpeg', 'Nsgif', 'Webp', 'Heif'].map((name) => `VipsForeignLoad${name}File`);

export class Images {
  #log: Logger;
  readonly #line = new Line();
  #waiting = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Whether files of this type get a smaller image. */
  reads(type: string): boolean {
    return TYPES.has(type);
  }

  /**
   * Null for what is no image, is broken, too large, or came while too many others waited: a file without a smaller image, never an error.
   *
   * @param thumbnail where the smaller one is written (WebP, without metadata)
   */
  async facts(path: string, type: string, thumbnail: string): Promise<ImageFacts | null> {
    if (!this.reads(type) || this.#waiting >= WAITING) return null;
    this.#waiting += 1;
    try {
      return await this.#line.do(() => this.#read(path, thumbnail));
    } catch (error) {
      this.#log.info({ err: error, type }, 'an image has no smaller one');
      return null;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #read(path: string, thumbnail: string): Promise<ImageFacts> {
    // Where the library is missing for a platform, files have no thumbnails and all else works.
    const sharp = await imageLibrary();
    // Of all that the library can read, only what is shown: a decoder that is not asked has no faults.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: DECODERS });
    // The first frame of what moves; upright as the camera says.
    const open = () =>
      sharp(path, { limitInputPixels: PIXELS, pages: 1, failOn: 'error' })
        .timeout({ seconds: LIMIT })
        .autoOrient();
    const { width, height } = (await open().metadata()).autoOrient;
    await open()
      .resize({ ...THUMBNAIL, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY })
      .toFile(thumbnail);
    const small = await open()
      .resize({ width: BLUR, height: BLUR, fit: 'inside' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8ClampedArray(small.data);
    const blurhash = encodeBlurhash(pixels, small.info.width, small.info.height, 4, 3);
    return { width, height, blurhash };
  }
}
