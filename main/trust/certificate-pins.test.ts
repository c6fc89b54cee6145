import { X509Certificate } from 'node:crypto';
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from './certificate.ts';
import { CertificatePins, VERDICT } from './certificate-pins.ts';
import { pinOf, wordsOf } from './pin.ts';

let pem: string;
let other: string;
let pin: string;
beforeAll(async () => {
  pem = (await makeCertificate(Date.now())).certificate;
  other = (await makeCertificate(Date.now())).certificate;
  pin = pinOf(new X509Certificate(pem));
});

const pinsOf = (...accounts: ServerAddress[]) => {
  let renewed = 0;
  const pins = new CertificatePins(
    () => accounts,
    () => renewed++,
  );
  return { pins, renewed: () => renewed };
};

describe('a server that is known by its key', () => {
  it('is taken with this key alone, whatever an authority says of another', () => {
    const { pins } = pinsOf({ api: 'https://192.168.1.5:20001', pin });
    expect(pins.verdict('192.168.1.5', pem)).toBe(VERDICT.accept);
    expect(pins.verdict('192.168.1.5', other)).toBe(VERDICT.otherKey);
    expect(pins.verdict('192.168.1.5', 'nonsense')).toBe(VERDICT.otherKey);
    expect(pins.verdict('192.168.1.6', pem)).toBe(VERDICT.ask);
  });

  it('is known by names in any case and by addresses of IPv6 with and without brackets', () => {
    const { pins } = pinsOf({ api: 'https://[fd00::2]:20001', pin }, { api: 'https://home.example', pin });
    expect(pins.verdict('fd00::2', pem)).toBe(VERDICT.accept);
    expect(pins.verdict('[fd00::2]', pem)).toBe(VERDICT.accept);
    expect(pins.verdict('HOME.example', pem)).toBe(VERDICT.accept);
  });

  it('leaves a server with a certificate of an authority on the same host to the system', () => {
    const { pins } = pinsOf({ api: 'https://home.example:1', pin }, { api: 'https://home.example' });
    expect(pins.verdict('home.example', pem)).toBe(VERDICT.accept);
    expect(pins.verdict('home.example', other)).toBe(VERDICT.ask);
  });

  it('is expected from an invitation on, and what was found before holds no more', () => {
    const { pins, renewed } = pinsOf();
    const server = { api: 'https://192.168.1.5:20001', pin };
    expect(pins.verdict('192.168.1.5', pem)).toBe(VERDICT.ask);
    pins.expect(server);
    pins.expect(server);
    expect(renewed()).toBe(1);
    expect(pins.of(server.api)).toBe(pin);
    expect(pins.verdict('192.168.1.5', pem)).toBe(VERDICT.accept);
    for (let i = 0; i < 200; i++) pins.expect({ api: `https://10.0.0.${i}`, pin });
    expect(pins.of(server.api)).toBeUndefined();
  });
});

it('is told by six words of a list that is the same everywhere', async () => {
  // 33 zero bytes would be "abandon" six times; the words are those of the first 66 bits.
  expect(await wordsOf(Buffer.alloc(32).toString('base64url'))).toBe(Array(6).fill('abandon').join(' '));
  expect(await wordsOf(Buffer.alloc(32, 0xff).toString('base64url'))).toBe(Array(6).fill('zoo').join(' '));
  expect(await wordsOf(pin)).not.toBe(await wordsOf(pinOf(new X509Certificate(other))));
});
