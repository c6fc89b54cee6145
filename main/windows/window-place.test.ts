import { describe, expect, it } from 'vitest';
import { placeOn } from './window-place.ts';

const LAPTOP = { x: 0, y: 27, width: 1280, height: 773 };
const DESK = { x: 1280, y: 0, width: 2560, height: 1440 };

describe('a window opens again', () => {
  it('where it stood, on whichever screen', () => {
    const here = { x: 100, y: 100, width: 900, height: 600 };
    expect(placeOn(here, [LAPTOP])).toEqual(here);
    const there = { x: 1400, y: 40, width: 2000, height: 1300, maximized: true };
    expect(placeOn(there, [LAPTOP, DESK])).toEqual(there);
  });

  it('somewhere on the first screen where its own is gone, and no larger than that', () => {
    const there = { x: 1400, y: 40, width: 2000, height: 1300, maximized: true };
    expect(placeOn(there, [LAPTOP])).toEqual({ width: 1280, height: 773, maximized: true });
  });

  it('within reach: its upper edge is neither above the screen nor below it nor beside it', () => {
    for (const place of [
      { x: 100, y: -200 },
      { x: 100, y: 790 },
      { x: -880, y: 100 },
      { x: 1250, y: 100 },
    ])
      expect(placeOn({ ...place, width: 900, height: 600 }, [LAPTOP])).toEqual({ width: 900, height: 600 });
  });

  it('as the system wants where it never stood anywhere', () => {
    expect(placeOn({ width: 900, height: 600 }, [LAPTOP])).toEqual({ width: 900, height: 600 });
    expect(placeOn({ x: 1, y: 2, width: 900, height: 600 }, [])).toEqual({
      x: 1,
      y: 2,
      width: 900,
      height: 600,
    });
  });
});
