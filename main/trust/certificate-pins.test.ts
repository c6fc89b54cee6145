import { X509Certificate } from 'node:crypto';
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from './certificate.ts';
import { CertificatePins, VERDICT } from './certificate-pins.ts';
import { pinOf, wordsOf } from './pin.ts';

let pem: string;
let other: string;
let pin: string;
let otherPin: string;
beforeAll(async () => {
  pem = (await makeCertificate(Date.now())).certificate;
  other = (await makeCertificate(Date.now())).certificate;
  pin = pinOf(new X509Certificate(pem));
  otherPin = pinOf(new X509Certificate(other));
});

const pinsOf = (...accounts: ServerAddress[]) => {
  const others: ServerAddress[] = [];
  const renewed: boolean[] = [];
  const clock = { now: 0 };
  const pins = new CertificatePins({
    accounts: () => accounts,
    others: () => others,
    renew: (_, ended) => {
      renewed.push(ended);
      pins.forget();
    },
    uptime: () => clock.now,
  });
  const verdict = (host: string, shown: string, trusted = false) => pins.verdict(host, shown, trusted);
  return { pins, verdict, renewed, clock, accounts, others };
};

const at = 'https://192.168.1.5:20001';
const UNTRUSTED = 'net::ERR_CERT_AUTHORITY_INVALID';
const MINUTE = 60_000;

describe('a server that is known by its key', () => {
  it('is taken with this key alone, whatever an authority says of another', () => {
    const { verdict } = pinsOf({ api: 'https://192.168.1.5:20001', pin });
    expect(verdict('192.168.1.5', pem)).toBe(VERDICT.accept);
    expect(verdict('192.168.1.5', other)).toBe(VERDICT.otherKey);
    expect(verdict('192.168.1.5', 'nonsense')).toBe(VERDICT.otherKey);
    expect(verdict('192.168.1.6', pem)).toBe(VERDICT.ask);
  });

  it('is known by names in any case and by addresses of IPv6 with and without brackets', () => {
    const { verdict } = pinsOf({ api: 'https://[fd00::2]:20001', pin }, { api: 'https://home.example', pin });
    expect(verdict('fd00::2', pem)).toBe(VERDICT.accept);
    expect(verdict('[fd00::2]', pem)).toBe(VERDICT.accept);
    expect(verdict('HOME.example', pem)).toBe(VERDICT.accept);
  });

  it('leaves a server with a certificate of an authority on the same host to the system', () => {
    const { verdict } = pinsOf({ api: 'https://home.example:1', pin }, { api: 'https://home.example' });
    expect(verdict('home.example', pem)).toBe(VERDICT.accept);
    expect(verdict('home.example', other)).toBe(VERDICT.ask);
  });

  it('is expected from an invitation on, and what was found before holds no more', () => {
    const { pins, verdict, renewed } = pinsOf();
    const server = { api: 'https://192.168.1.5:20001', pin };
    expect(verdict('192.168.1.5', pem)).toBe(VERDICT.ask);
    pins.expect(server);
    pins.expect(server);
    expect(renewed).toEqual([false]);
    expect(pins.of(server.api)).toBe(pin);
    expect(verdict('192.168.1.5', pem)).toBe(VERDICT.accept);
    for (let i = 0; i < 200; i++) pins.expect({ api: `https://10.0.0.${i}`, pin });
    expect(pins.of(server.api)).toBeUndefined();
  });
});

describe('an invitation that names a key', () => {
  it.each<[string, string | undefined]>([
    ['known by its key', 'own'],
    ['vouched for by an authority', undefined],
  ])(
    'on the host of an account whose server is %s is not looked at, and its key is not taken there',
    (_, known) => {
      const { pins, verdict, renewed } = pinsOf({ api: at, ...(known ? { pin } : {}) });
      verdict('192.168.1.5', pem);
      expect(pins.expect({ api: at, pin: otherPin })).toBe(false);
      expect(pins.expect({ api: 'https://192.168.1.5:444', pin: otherPin })).toBe(false);
      expect(verdict('192.168.1.5', other)).toBe(known ? VERDICT.otherKey : VERDICT.ask);
      expect(pins.of(at)).toBe(known ? pin : undefined);
      expect(renewed).toEqual([]);
    },
  );

  it('of an account that is there is looked at, also where a profile of before has two keys on that host', () => {
    const { pins } = pinsOf({ api: at, pin }, { api: 'https://192.168.1.5:2', pin: otherPin });
    expect(pins.expect({ api: at, pin })).toBe(true);
    expect(pins.expect({ api: 'https://192.168.1.5:3', pin })).toBe(false);
  });

  it('takes the place of another one for the same host, at whatever port', () => {
    const { pins, verdict, renewed } = pinsOf();
    pins.expect({ api: 'https://evil.example:443', pin: otherPin });
    expect(verdict('evil.example', other)).toBe(VERDICT.accept);
    pins.expect({ api: 'https://evil.example:444', pin });
    expect(renewed).toEqual([false]);
    expect(verdict('evil.example', other)).toBe(VERDICT.otherKey);
    expect(verdict('evil.example', pem)).toBe(VERDICT.accept);
  });

  it('counts no more where the person names the host without a key', () => {
    const { pins, verdict, renewed } = pinsOf();
    pins.expect({ api: 'https://chat.example', pin: otherPin });
    expect(verdict('chat.example', other)).toBe(VERDICT.accept);
    pins.expect({ api: 'https://chat.example' });
    expect(renewed).toEqual([false]);
    expect(verdict('chat.example', other)).toBe(VERDICT.ask);
  });

  it('is taken for a server that was set up anew once the account on the old one is signed out', () => {
    const { pins, verdict, accounts, others } = pinsOf({ api: at, pin });
    others.push(...accounts.splice(0));
    expect(verdict('192.168.1.5', pem)).toBe(VERDICT.accept);
    expect(pins.of(at)).toBe(pin);
    expect(pins.expect({ api: at, pin: otherPin })).toBe(true);
    expect(verdict('192.168.1.5', other)).toBe(VERDICT.accept);
    expect(verdict('192.168.1.5', pem)).toBe(VERDICT.otherKey);
  });

  it('says nothing of a server of this computer that is spoken to in plain on the same host', () => {
    const { pins, verdict } = pinsOf({ api: 'http://192.168.1.5:1' });
    expect(pins.expect({ api: at, pin })).toBe(true);
    expect(verdict('192.168.1.5', other)).toBe(VERDICT.otherKey);
  });
});

describe('what Chromium found by itself of a host that is known by its key alone', () => {
  it('means another key where another key was shown last', () => {
    const { pins, verdict, renewed } = pinsOf({ api: at, pin });
    verdict('192.168.1.5', other);
    expect(pins.passedOver(at, UNTRUSTED)).toBe('other_key');
    expect(renewed).toEqual([]);
  });

  it('is doubted and asked again where the right key was shown, once a minute', () => {
    const { pins, verdict, renewed, clock } = pinsOf({ api: at, pin });
    verdict('192.168.1.5', pem);
    expect(pins.passedOver(at, UNTRUSTED)).toBe('again');
    expect(renewed).toEqual([true]);
    expect(pins.passedOver(at, UNTRUSTED)).toBeNull();
    clock.now += MINUTE;
    expect(pins.passedOver(at, 'net::ERR_CERT_DATE_INVALID')).toBe('again');
    expect(renewed).toEqual([true, true]);
  });

  it('holds for other faults, for other hosts, and where a server on the host has its certificate from an authority', () => {
    const { pins } = pinsOf(
      { api: at, pin },
      { api: 'https://home.example:1', pin },
      { api: 'https://home.example' },
    );
    expect(pins.passedOver(at, 'net::ERR_CONNECTION_REFUSED')).toBeNull();
    expect(pins.passedOver('https://192.168.1.6', UNTRUSTED)).toBeNull();
    expect(pins.passedOver('https://home.example', UNTRUSTED)).toBeNull();
  });

  it('is not left behind where it would let another key in', () => {
    const { verdict, renewed, clock } = pinsOf({ api: at, pin });
    expect(verdict('192.168.1.5', other, true)).toBe(VERDICT.otherKey);
    expect(renewed).toEqual([true]);
    verdict('192.168.1.5', other, true);
    expect(renewed).toEqual([true]);
    clock.now += MINUTE;
    verdict('192.168.1.5', other, true);
    expect(renewed).toEqual([true, true]);
    clock.now += MINUTE;
    verdict('192.168.1.5', pem, true);
    expect(renewed).toEqual([true, true]);
  });
});

it('another key of a host is expected by itself where nothing was asked there yet', () => {
  const { pins, renewed } = pinsOf();
  pins.expect({ api: at, pin });
  expect(renewed).toEqual([]);
});

it('is told by six words of a list that is the same everywhere', async () => {
  // 33 zero bytes would be "abandon" six times; the words are those of the first 66 bits.
  expect(await wordsOf(Buffer.alloc(32).toString('base64url'))).toBe(Array(6).fill('abandon').join(' '));
  expect(await wordsOf(Buffer.alloc(32, 0xff).toString('base64url'))).toBe(Array(6).fill('zoo').join(' '));
  expect(await wordsOf(pin)).not.toBe(await wordsOf(pinOf(new X509Certificate(other))));
});
