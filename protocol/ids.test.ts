import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directConversationId, isId, uuidv7Generator } from './ids.ts';
import { formatInvitation, parseInvitation } from './invitation.ts';
import { textFault, utf8Length } from './text.ts';

describe('uuidv7Generator', () => {
  it('makes RFC 9562 ids that climb strictly, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 48 - 10_000 }), { minLength: 1, maxLength: 200 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (times, noise) => {
          let at = 0;
          const next = uuidv7Generator(
            () => times[at]!,
            (bytes) => bytes.set(noise),
          );
          let last = '';
          for (at = 0; at < times.length; at++) {
            const id = next();
            expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
            expect(id > last).toBe(true);
            expect(isId(id)).toBe(true);
            last = id;
          }
        },
      ),
    );
  });

  it('carries the time in its first 48 bits', () => {
    const id = uuidv7Generator(
      () => 0x0123456789ab,
      () => {},
    )();
    expect(id.slice(0, 13)).toBe('01234567-89ab');
  });

  it('borrows from the next millisecond when a million ids are wanted at once', () => {
    const next = uuidv7Generator(
      () => 1_000,
      () => {},
    );
    const ids = Array.from({ length: 20_000 }, next);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('directConversationId', () => {
  it('is one for both sides, and another for every other pair', () => {
    expect(directConversationId('ann', 'bob')).toBe(directConversationId('bob', 'ann'));
    const ids = [
      ['ann', 'ann'],
      ['ann', 'bob'],
      ['bob', 'bob'],
      ['annb', 'ob'],
    ].map(([a, b]) => directConversationId(a!, b!));
    expect(new Set(ids).size).toBe(4);
    expect(ids.every(isId)).toBe(true);
  });
});

describe('invitation', () => {
  const secret = 'A'.repeat(43);

  it('comes back from its link, also with white space around', () => {
    for (const api of [
      'http://127.0.0.1:20481',
      'https://chat.example.org',
      'https://example.org/matchbook',
      'http://[::1]:80',
    ]) {
      const link = formatInvitation({ api, secret });
      expect(link).toMatch(/^matchbook:\/\/join\/[A-Za-z0-9_-]+$/);
      expect(parseInvitation(`  ${link}\n`)).toEqual({ api, secret });
    }
  });

  it('refuses everything else without throwing', () => {
    const wrap = (value: unknown) =>
      `matchbook://join/${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
    for (const text of [
      '',
      'matchbook://join/',
      'https://example.org',
      wrap({ v: 2, api: 'https://a.b', secret }),
      wrap({ v: 1, api: 'javascript:alert(1)', secret }),
      wrap({ v: 1, api: 'https://user:pw@a.b', secret }),
      wrap({ v: 1, api: 'https://a.b?x', secret }),
      wrap({ v: 1, api: 'https://a.b', secret: 'short' }),
      wrap({ v: 1, api: 'https://a.b', secret, more: 1 }),
      wrap(null),
      `${formatInvitation({ api: 'https://a.b', secret })}/../x`,
    ]) {
      expect(parseInvitation(text), text).toBeNull();
    }
    fc.assert(
      fc.property(
        fc.string(),
        (text) => parseInvitation(`matchbook://join/${text}`) === null || text.length > 40,
      ),
    );
  });
});

describe('text', () => {
  it('finds NUL and lone surrogates, and nothing else', () => {
    expect(textFault('a\0b')).toBe('nul');
    expect(textFault('\ud83d')).toBe('lone_surrogate');
    expect(textFault('\udc4b\ud83d')).toBe('lone_surrogate');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => textFault(text) === (text.includes('\0') ? 'nul' : null),
      ),
    );
  });

  it('counts UTF-8 as an encoder does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => utf8Length(text) === Buffer.byteLength(text)),
    );
  });
});
