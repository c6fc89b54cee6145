import { decode, isBlurhashValid } from 'blurhash';
import { useLayoutEffect, useRef } from 'react';

const EDGE = 24;
/** Decoded blurs: a picture that is scrolled past again costs nothing. The oldest go first. */
const DECODED_KEPT = 200;
const decoded = new Map<string, ImageData | null>();

function imageOf(hash: string): ImageData | null {
  let image = decoded.get(hash);
  if (image !== undefined) return image;
  image = isBlurhashValid(hash).result
    ? new ImageData(new Uint8ClampedArray(decode(hash, EDGE, EDGE)), EDGE, EDGE)
    : null;
  decoded.set(hash, image);
  for (const oldest of decoded.keys()) {
    if (decoded.size <= DECODED_KEPT) break;
    decoded.delete(oldest);
  }
  return image;
}

/** A blur of a picture that is still to come. */
export function Blur({ hash }: { hash: string | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const image = hash ? imageOf(hash) : null;
    if (image) canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [hash]);
  return (
    <span className="blur" aria-hidden="true">
      <canvas ref={canvas} width={EDGE} height={EDGE} />
    </span>
  );
}
