import { LEVELS, waveformOf } from '@matchbook/protocol/waveform';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fillLevels, LONGEST, loudness, Recording } from './recorder.ts';

describe('the loudness of a voice message', () => {
  it('is nothing in silence, all where it is loudest, and climbs between', () => {
    const tone = (amplitude: number) =>
      Float32Array.from({ length: 2_048 }, (_, i) => amplitude * Math.sin(i / 5));
    expect(loudness(new Float32Array(2_048))).toBe(0);
    expect(loudness(Float32Array.from({ length: 64 }, () => 1))).toBe(255);
    const levels = [0.001, 0.01, 0.1, 0.5, 1].map((amplitude) => loudness(tone(amplitude)));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(new Set(levels).size).toBe(levels.length);
  });

  it('is told in as many values as a message carries, the loudest among them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 2_000 }),
        (levels) => {
          const told = waveformOf(levels);
          expect(told).toHaveLength(Math.min(levels.length, LEVELS));
          expect(Math.max(...told)).toBe(Math.max(...levels));
        },
      ),
    );
  });
});

describe('the loudness of each moment', () => {
  it('has a value for the time in which the page was busy', () => {
    const levels: number[] = [];
    for (const [level, ms] of [
      [10, 101],
      [20, 199],
      [30, 720],
      [40, 790],
      [50, 905],
    ] as const)
      fillLevels(levels, level, ms);
    expect(levels).toEqual([10, 20, 30, 30, 30, 30, 30, 40, 50]);
  });

  it('is bounded by the longest recording, whatever the clock does', () => {
    const levels: number[] = [];
    fillLevels(levels, 1, 1e12);
    expect(levels).toHaveLength(LONGEST / 100);
  });
});

describe('a recording that cannot begin', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(['new', 'start'])('lets go of the microphone: %s', async (step) => {
    let ended = 0;
    let closed = 0;
    const tracks = [Object.assign(new EventTarget(), { stop: () => ended++ })];
    const fail = (here: string) => {
      if (here === step) throw new DOMException('No such sound.', 'NotSupportedError');
    };
    class Recorder {
      static isTypeSupported = () => true;
      state = 'inactive';
      constructor() {
        fail('new');
      }
      start() {
        fail('start');
      }
    }
    class Context {
      createAnalyser = () => ({});
      createMediaStreamSource = () => ({ connect: () => {} });
      close = async () => void closed++;
    }
    vi.stubGlobal('MediaRecorder', Recorder);
    vi.stubGlobal('AudioContext', Context);
    const getUserMedia = async () => ({ getTracks: () => tracks });
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
    vi.stubGlobal('window', globalThis);
    const nothing = () => {};
    await expect(Recording.begin(nothing, nothing, nothing)).rejects.toThrow('No such sound.');
    expect(ended).toBeGreaterThan(0);
    expect(closed).toBe(step === 'start' ? 1 : 0);
  });
});
