import { decode, isBlurhashValid } from 'blurhash';
import { useLayoutEffect, useRef } from 'react';

const EDGE = 24;

/** A blur of a picture that is still to come. */
export function Blur({ hash }: { hash: string | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = hash && isBlurhashValid(hash).result ? canvas.current?.getContext('2d') : null;
    if (!context || !hash) return;
    const image = context.createImageData(EDGE, EDGE);
    image.data.set(decode(hash, EDGE, EDGE));
    context.putImageData(image, 0, 0);
  }, [hash]);
  return (
    <span className="blur" aria-hidden="true">
      <canvas ref={canvas} width={EDGE} height={EDGE} />
    </span>
  );
}
