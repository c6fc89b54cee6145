import { expect, it } from 'vitest';
import { Microphone } from './microphone.ts';

it('the microphone is for the page that records, while it does, and nothing else ever is', () => {
  const microphone = new Microphone();
  const may = (page: number | undefined, permission: string, ...asked: string[]) =>
    microphone.may(page, permission, asked);
  expect(may(1, 'media', 'audio')).toBe(false);
  microphone.allow(1, true);
  expect(may(1, 'media', 'audio')).toBe(true);
  expect(may(2, 'media', 'audio')).toBe(false);
  expect(may(undefined, 'media', 'audio')).toBe(false);
  for (const asked of [['video'], ['audio', 'video'], []]) expect(may(1, 'media', ...asked)).toBe(false);
  for (const other of ['geolocation', 'notifications', 'display-capture', 'midi'])
    expect(may(1, other, 'audio')).toBe(false);
  microphone.allow(1, false);
  expect(may(1, 'media', 'audio')).toBe(false);
});
