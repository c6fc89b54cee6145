/** Where a window opens again: as it stood, unless that place is on no screen any more. */

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Place {
  x?: number;
  y?: number;
  width: number;
  height: number;
  /** It filled the screen; the rest is where it goes when it does so no more. */
  maximized?: boolean;
}

/** So much of a window's upper edge must be on a screen that a hand can take it there, px. */
const HANDLE = { width: 80, height: 24 };

/** @param areas work areas of the screens that there are, the first one first; none where nothing is known */
export function placeOn(place: Place, areas: readonly Area[]): Place {
  const { x, y, width, height } = place;
  const home = areas.find(
    (area) => x !== undefined && y !== undefined && holds(area, { x, y, width, height }),
  );
  const room = home ?? areas[0];
  if (!room) return place;
  const size = { width: Math.min(width, room.width), height: Math.min(height, room.height) };
  const rest = place.maximized === undefined ? {} : { maximized: place.maximized };
  return home ? { x: x as number, y: y as number, ...size, ...rest } : { ...size, ...rest };
}

/** The upper edge of the window can be taken there. */
function holds(area: Area, { x, y, width }: Area): boolean {
  const seen = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return seen >= HANDLE.width && y >= area.y - 1 && y + HANDLE.height <= area.y + area.height;
}
