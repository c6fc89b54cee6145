import { FAILURES } from '@matchbook/protocol/failures';
import { expect, it } from 'vitest';
import { closeWord } from './close-words.ts';

it('has words for every close code of ours and of RFC 6455, each its own', () => {
  const ours = Object.values(FAILURES).flatMap(({ close }) => (close === undefined ? [] : [close]));
  const rfc = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015];
  const codes = [...new Set([...ours, ...rfc])];
  expect(codes.map(closeWord)).toEqual(codes.map((code) => `close.${code}`));
});

it('says of codes it does not know whose they are', () => {
  expect([3_001, 4_999, 1_999, 7].map(closeWord)).toEqual([
    'close.registered',
    'close.private',
    'close.unknown',
    'close.unknown',
  ]);
});
