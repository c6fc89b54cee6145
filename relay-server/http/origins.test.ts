import { describe, expect, it } from 'vitest';
import { hostAllowed, isPrivate, originsOf } from './origins.ts';

describe('P1 who may come in', () => {
  const hosts = ['localhost', '127.0.0.1', '[::1]'];
  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1:20481', '[::1]:1', '[::1]'])(
    'under the name %s',
    (name) => {
      expect(hostAllowed(name, hosts)).toBe(true);
    },
  );
  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil:80@localhost',
    '',
    undefined,
  ])('not under the name %s', (name) => {
    expect(hostAllowed(name, hosts)).toBe(false);
  });
  it('from an origin of the list, exactly, or from none', () => {
    const origins = originsOf(['app://matchbook'], [], []);
    expect(origins.allowed(undefined)).toBe(true);
    expect(origins.allowed('app://matchbook')).toBe(true);
    for (const other of ['app://matchbook.evil', 'APP://matchbook', 'null', ''])
      expect(origins.allowed(other)).toBe(false);
  });
  it.each([
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '192.168.0.9',
    '172.16.0.1',
    '172.31.9.9',
    '::ffff:127.0.0.1',
    'fd00::1',
    'fe80::1',
  ])('as a server from %s', (address) => {
    expect(isPrivate(address)).toBe(true);
  });
  it.each(['8.8.8.8', '172.32.0.1', '11.0.0.1', '::ffff:8.8.8.8', '2001:db8::1', ''])(
    'not as a server from %s',
    (address) => {
      expect(isPrivate(address)).toBe(false);
    },
  );
});
