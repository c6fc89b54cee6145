/** A picture in a window: how much of it, and which part. Lengths are pixels of the page. */

export interface View {
  /** 1: as large as fits. */
  scale: number;
  /** Of its middle from the middle of the window. */
  x: number;
  y: number;
}

export const FITTED: View = { scale: 1, x: 0, y: 0 };
export const MOST = 16;
/** One key, or one turn of the wheel. */
export const STEP = 1.25;

export interface Room {
  /** The picture as it fits, and the window. */
  picture: { width: number; height: number };
  window: { width: number; height: number };
}

/** @param at what stays where it is, from the middle of the window */
export function zoomed(view: View, by: number, room: Room, at = { x: 0, y: 0 }): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * by));
  const ratio = scale / view.scale;
  return kept({ scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, room);
}

export const moved = (view: View, x: number, y: number, room: Room): View =>
  kept({ ...view, x: view.x + x, y: view.y + y }, room);

/** No further than its edge comes to the edge of the window. */
function kept({ scale, x, y }: View, { picture, window }: Room): View {
  const play = (length: number, space: number) => Math.max(0, (length * scale - space) / 2);
  const within = (value: number, most: number) => Math.min(most, Math.max(-most, value)) + 0;
  return {
    scale,
    x: within(x, play(picture.width, window.width)),
    y: within(y, play(picture.height, window.height)),
  };
}
