import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDown, decodeUp, encode, peekType } from './codec.ts';
import type { UpFrame } from './frames.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const cursor = fc.stringMatching(/^[A-Za-z0-9_-]{34}$/);
const place = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const upFrame: fc.Arbitrary<UpFrame> = fc.oneof(
  fc.record({ t: fc.constant('confirm' as const), upTo: cursor }),
  fc.record({ t: fc.constant('fetch' as const), ref: fc.nat(), conv: id, from: place, to: place }),
  fc.record({
    t: fc.constant('append' as const),
    conv: id,
    items: fc.array(
      fc.oneof(
        fc.record({
          id,
          kind: fc.constant('message' as const),
          body: fc.record({ type: fc.constant('text/plain'), text: fc.string({ unit: 'grapheme' }) }),
        }),
        fc.record({ id, kind: fc.constant('read' as const), n: place }),
        fc.record({
          id,
          kind: fc.constant('create' as const),
          form: fc.constant('direct' as const),
          members: fc.array(id, { minLength: 1, maxLength: 2 }),
        }),
      ),
      { minLength: 1, maxLength: 64 },
    ),
  }),
);

describe('codec', () => {
  it('gives back every valid frame, with t first', () => {
    fc.assert(
      fc.property(upFrame, (frame) => {
        const text = encode(frame);
        expect(peekType(text)).toBe(frame.t);
        expect(decodeUp(text)).toEqual({ ok: true, frame });
      }),
    );
  });

  it('never throws, and names a failure for whatever is no frame', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((o) => JSON.stringify({ t: 'append', ...o })),
        ),
        (text) => {
          for (const result of [decodeUp(text), decodeDown(text)]) {
            if (!result.ok) expect(result.failure.message.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it('tells bad JSON, no frame, unknown frame and invalid field apart', () => {
    const kind = (text: string) => {
      const result = decodeUp(text);
      return result.ok ? 'ok' : `${result.failure.kind} ${result.failure.field ?? '-'}`;
    };
    expect(kind('{"t":')).toBe('bad_json -');
    expect(kind('[1]')).toBe('bad_frame t');
    expect(kind('{"t":7}')).toBe('bad_frame t');
    expect(kind('{"t":"dance"}')).toBe('unknown_frame t');
    expect(kind('{"t":"fetch","ref":1,"conv":"c","from":0,"to":3}')).toBe('invalid_frame from');
    expect(kind('{"t":"append","conv":"no/slash","items":[{"id":"a","kind":"read","n":1}]}')).toBe(
      'invalid_frame conv',
    );
  });

  it('names the field and the limit that were broken', () => {
    const items = Array.from({ length: 65 }, (_, i) => ({ id: `i${i}`, kind: 'read', n: 1 }));
    const result = decodeUp(JSON.stringify({ t: 'append', conv: 'c', items }));
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'invalid_frame', field: 'items', limit: 64 },
    });
  });

  it('ignores fields it does not know', () => {
    expect(decodeUp('{"t":"ping","at":1,"later":true}').ok).toBe(true);
  });

  it('does not take a frame for another when t is not first', () => {
    expect(peekType('{"conv":"c","t":"entries"}')).toBeNull();
  });
});
