import { expect, it } from 'vitest';
import { knowingKeys } from './knowing-keys.ts';

const URL = 'https://192.168.1.5:20001/api/server';

function asked(meant: 'other_key' | 'again' | null, answers: (Response | Error)[]) {
  const sent: string[] = [];
  const fetch = knowingKeys(
    async (url) => {
      sent.push(url);
      const next = answers.shift()!;
      if (next instanceof Error) throw next;
      return next;
    },
    { passedOver: () => meant },
  );
  return { fetch, sent };
}
const untrusted = () => new Error('net::ERR_CERT_AUTHORITY_INVALID');

it('names another key as Chromium does', async () => {
  const { fetch, sent } = asked('other_key', [untrusted()]);
  await expect(fetch(URL, {})).rejects.toThrow('net::ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN');
  expect(sent.length).toBe(1);
});

it('asks once more where it is worth it, and not what may have been read in part', async () => {
  const once = asked('again', [untrusted(), new Response('{}')]);
  expect((await once.fetch(URL, { body: '{}' })).status).toBe(200);
  const twice = asked('again', [untrusted(), untrusted()]);
  await expect(twice.fetch(URL, {})).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  expect(twice.sent.length).toBe(2);
  const stream = asked('again', [untrusted()]);
  await expect(stream.fetch(URL, { body: new ReadableStream() })).rejects.toThrow(
    'ERR_CERT_AUTHORITY_INVALID',
  );
  expect(stream.sent.length).toBe(1);
});

it('leaves everything else as it was said', async () => {
  const { fetch } = asked(null, [untrusted()]);
  await expect(fetch(URL, {})).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
});
