import { afterEach, expect, it } from 'vitest';
import { lookAtZone, SystemZone } from './system-zone.ts';

const before = process.env.TZ;
afterEach(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

it('is looked at once a minute at most, and again where the clock was set back', () => {
  let looks = 0;
  const zone = new SystemZone(() => looks++);
  for (const now of [0, 59_000, 60_000, 100_000, 3_600_000, 3_599_000]) zone.at(now);
  expect(looks).toBe(3);
  zone.at(0);
  expect(looks).toBe(4);
});

it('leaves the zone that somebody chose for this process, and else that of the system', () => {
  delete process.env.TZ;
  const system = new Date(0).getHours();
  process.env.TZ = 'Asia/Tokyo';
  lookAtZone();
  expect([process.env.TZ, new Date(0).getHours()]).toEqual(['Asia/Tokyo', 9]);
  delete process.env.TZ;
  lookAtZone();
  expect([process.env.TZ, new Date(0).getHours()]).toEqual([undefined, system]);
});
