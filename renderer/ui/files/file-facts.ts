/** What is found out of a file by showing it: how large it is, how long, and a blur of it for who waits for it. */
import type { FileFacts, TrayFile } from '@matchbook/protocol/bridge/files';
import { encode } from 'blurhash';
import { fileUrl } from './file-url.ts';
import { kindOf } from './kinds.ts';

/** Edge of the picture of which the blur is made, pixels. */
const BLURRED = 32;
/** What does not say anything about itself by then goes without, ms. */
const PATIENCE = 10_000;

/** Empty where nothing can be found out. */
export async function factsOf(account: string, file: TrayFile): Promise<FileFacts> {
  const url = fileUrl(account, file.hash);
  try {
    switch (kindOf(file)) {
      case 'picture':
        return await pictureFacts(url);
      case 'video':
        return await soundFacts(document.createElement('video'), url);
      case 'sound':
        return await soundFacts(document.createElement('audio'), url);
      default:
        return {};
    }
  } catch {
    return {};
  }
}

async function pictureFacts(url: string): Promise<FileFacts> {
  const image = new Image();
  image.src = url;
  await within(image.decode());
  const { naturalWidth: width, naturalHeight: height } = image;
  if (width < 1 || height < 1) return {};
  return { width, height, ...blurOf(image, width, height) };
}

function blurOf(image: CanvasImageSource, width: number, height: number): { blurhash?: string } {
  const scale = BLURRED / Math.max(width, height);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return {};
  context.drawImage(image, 0, 0, w, h);
  return { blurhash: encode(context.getImageData(0, 0, w, h).data, w, h, 4, 3) };
}

async function soundFacts(element: HTMLMediaElement, url: string): Promise<FileFacts> {
  element.preload = 'metadata';
  element.muted = true;
  element.src = url;
  try {
    await within(
      new Promise<void>((resolve, reject) => {
        element.onloadeddata = () => resolve();
        element.onloadedmetadata = () => element instanceof HTMLVideoElement || resolve();
        element.onerror = () => reject(new Error('cannot be played'));
      }),
    );
    const { duration } = element;
    const length =
      Number.isFinite(duration) && duration < 86_400 ? { duration: Math.round(duration * 1_000) } : {};
    if (!(element instanceof HTMLVideoElement) || element.videoWidth < 1) return length;
    const { videoWidth: width, videoHeight: height } = element;
    // The first picture is black more often than not, and is not drawn before something was looked for.
    await within(
      new Promise<void>((resolve) => {
        element.onseeked = () => resolve();
        element.currentTime = Math.min(1, (Number.isFinite(duration) ? duration : 0) / 3);
      }),
    ).catch(() => {});
    return { ...length, width, height, ...blurOf(element, width, height) };
  } finally {
    element.removeAttribute('src');
    element.load();
  }
}

function within<T>(work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('too slow')), PATIENCE);
    }),
  ]);
}
