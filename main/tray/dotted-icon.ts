/** A dot in the lower corner of an icon: something is unread. Pixels are BGRA, four bytes each, row by row. */
const DOT = { red: 0xd8, green: 0x3b, blue: 0x1f };
/** Of the icon's width. */
const RADIUS = 0.27;

export function withDot(pixels: Buffer, size: number): Buffer {
  const dotted = Buffer.from(pixels);
  const radius = size * RADIUS;
  const centre = size - radius - 0.5;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const distance = Math.hypot(x - centre, y - centre);
      // A clear ring sets it off from the icon; edges are smoothed over one pixel.
      const ring = clamp(radius + 1.5 - distance);
      const dot = clamp(radius - distance);
      const at = (y * size + x) * 4;
      const keep = 1 - ring;
      const mix = (i: number, colour: number) => {
        dotted[at + i] = Math.round(dotted[at + i]! * keep + colour * dot);
      };
      mix(0, DOT.blue);
      mix(1, DOT.green);
      mix(2, DOT.red);
      mix(3, 0xff);
    }
  return dotted;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
