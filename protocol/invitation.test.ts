import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatInvitation, parseInvitation } from './invitation.ts';

const text = (letters: string, length: number) =>
  fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length }).map((all) => all.join(''));
const BASE64URL = 'ABCxyz019-_';
const secret = text(BASE64URL, 43);
const pin = text(BASE64URL, 43);
const host = fc.constantFrom('chat.example.org', '192.168.1.5:20003', '[fd00::2]:20003', 'localhost:1');

it('comes back as it was, with and without a key, whatever white space is around it', () => {
  fc.assert(
    fc.property(host, secret, fc.option(pin, { nil: undefined }), (at, secret, pin) => {
      const link = { api: `https://${at}`, secret, ...(pin === undefined ? {} : { pin }) };
      expect(parseInvitation(` ${formatInvitation(link)}\n`)).toEqual(link);
    }),
  );
});

it('is none with a key where nothing is encrypted, with a broken key, or with more than it may hold', () => {
  const link = { api: 'https://192.168.1.5:1', secret: 's'.repeat(43), pin: 'p'.repeat(43) };
  expect(parseInvitation(formatInvitation(link))).toEqual(link);
  for (const broken of [
    { ...link, api: 'http://192.168.1.5:1' },
    { ...link, pin: 'short' },
    { ...link, pin: '' },
    { ...link, more: 1 },
  ])
    expect(
      parseInvitation(
        `matchbook://join/${Buffer.from(JSON.stringify({ v: 1, ...broken })).toString('base64url')}`,
      ),
    ).toBeNull();
});
