import { expect, it } from 'vitest';
import { Felt } from './felt.ts';

function stage() {
  const world = { now: 10_000, pressed: null as number | null, told: [] as [string, number][] };
  const frames: (() => void)[] = [];
  const felt = new Felt({
    tell: (what, ms) => world.told.push([what, ms]),
    clock: () => world.now,
    painted: (then) => frames.push(then),
    pressed: () => world.pressed,
  });
  return { world, felt, paint: () => frames.splice(0).forEach((then) => void then()) };
}

it('counts from the key to the frame and to the disk', () => {
  const { world, felt, paint } = stage();
  world.pressed = 9_990;
  const queued = felt.sent();
  world.now = 10_006;
  paint();
  world.now = 10_050;
  queued();
  expect(world.told).toEqual([
    ['bubble', 16],
    ['queued', 60],
  ]);
});

it('counts from its own moment what was sent by no key', () => {
  const { world, felt, paint } = stage();
  world.pressed = 2_000;
  felt.sent();
  world.now = 10_006;
  paint();
  expect(world.told).toEqual([['bubble', 6]]);
});

it('tells of long frames only', () => {
  const { world, felt } = stage();
  felt.frame(100);
  felt.frame(140);
  expect(world.told).toEqual([['frame', 140]]);
});
