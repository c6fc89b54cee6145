import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { APPENDS, ENTRIES, HiddenEntry, Register, StubEntry } from './entries.ts';
import { FAILURES } from './failures.ts';
import { DOWN, UP } from './frames.ts';
import { PROTOCOL_VERSION } from './version.ts';

/**
 * Fingerprint of everything on the wire, by protocol version. A change of a schema or of a close code turns this red:
 * add a line to the history in version.ts (and a version, where older peers would misunderstand), then put the new value here.
 */
const FINGERPRINTS: Record<number, string> = {
  1: 'ef04d67c3befbdd9',
};

it('the wire does not change without a word in version.ts', () => {
  const wire = JSON.stringify([UP, DOWN, APPENDS, ENTRIES, [StubEntry, HiddenEntry, Register], FAILURES]);
  expect(createHash('sha256').update(wire).digest('hex').slice(0, 16)).toBe(FINGERPRINTS[PROTOCOL_VERSION]);
});
