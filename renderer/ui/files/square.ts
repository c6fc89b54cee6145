/** A square out of a picture. Lengths are pixels of the picture. */

export interface Square {
  x: number;
  y: number;
  edge: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Pixels of what is made of it. */
export const EDGE = 512;
/** So much larger than the whole a part may be shown. */
export const MOST = 4;

/** As much of it as there is, from its middle. */
export function middle({ width, height }: Size): Square {
  const edge = Math.min(width, height);
  return { edge, x: (width - edge) / 2, y: (height - edge) / 2 };
}

/** Inside of the picture. */
export function moved(square: Square, x: number, y: number, { width, height }: Size): Square {
  return {
    ...square,
    x: Math.min(width - square.edge, Math.max(0, square.x + x)),
    y: Math.min(height - square.edge, Math.max(0, square.y + y)),
  };
}

/** Around the same middle. @param zoom 1 to `MOST` */
export function resized(square: Square, zoom: number, size: Size): Square {
  const edge = Math.min(size.width, size.height) / Math.min(MOST, Math.max(1, zoom));
  const by = (square.edge - edge) / 2;
  return moved({ ...square, edge }, by, by, size);
}
