import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecoveryCode, readRecoveryCode } from './recovery-code.ts';
import { isGenuine, judge, makeRefreshToken, readRefreshToken } from './refresh-token.ts';

const key = Buffer.alloc(32, 7);

describe('refresh tokens', () => {
  it('are read back and are genuine only under their key, nonce, session and generation', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.nat(1_000_000),
        fc.stringMatching(/^[0-9a-f]{64}$/),
        (sid, generation, nonce) => {
          const token = readRefreshToken(makeRefreshToken(key, nonce, { sid, generation }))!;
          expect(token).toMatchObject({ sid, generation });
          expect(isGenuine(key, nonce, token)).toBe(true);
          expect(isGenuine(Buffer.alloc(32, 8), nonce, token)).toBe(false);
          expect(isGenuine(key, `${nonce}0`, token)).toBe(false);
          expect(isGenuine(key, nonce, { ...token, generation: generation + 1 })).toBe(false);
          expect(isGenuine(key, nonce, { ...token, sid: 'other' })).toBe(false);
        },
      ),
    );
    expect(readRefreshToken('rubbish')).toBeNull();
  });

  it('I7: an honest client with lost replies is never logged out; a copy that lags behind it always ends the session', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (lost) => {
        let newest = 0;
        let held = 0;
        const used: number[] = [];
        for (const lose of lost) {
          const verdict = judge(newest, held);
          expect(['rotate', 'repeat']).toContain(verdict);
          if (verdict === 'rotate') {
            used.push(held);
            newest += 1;
          }
          if (!lose) held = newest;
        }
        for (const old of used.filter((generation) => generation < newest - 1))
          expect(judge(newest, old)).toBe('reused');
        expect(judge(newest, newest + 1)).toBe('unknown');
      }),
    );
  });
});

describe('recovery codes', () => {
  it('are read however they are typed, and every code is another', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (bytes, others) => {
          const code = formatRecoveryCode(bytes);
          const plain = readRecoveryCode(code);
          expect(plain).not.toBeNull();
          expect(
            readRecoveryCode(
              code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'),
            ),
          ).toBe(plain);
          if (Buffer.compare(bytes, others) !== 0)
            expect(readRecoveryCode(formatRecoveryCode(others))).not.toBe(plain);
        },
      ),
    );
    for (const text of ['', 'U'.repeat(26), 'A'.repeat(25), 'A'.repeat(27)])
      expect(readRecoveryCode(text)).toBeNull();
  });
});
