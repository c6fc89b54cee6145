import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAREFUL, type ExportOptions, exportOf } from './export-text.ts';
import { fileIn } from './log-file.ts';

const NAMES = {
  accounts: new Map([['acc', 'Canary Ann, Canary server']]),
  conversations: new Map([['conv', 'Canary Bob']]),
};
const CONTEXT = { names: NAMES, overview: null, now: 1_700_000_000_000 };
const some = (more: Partial<NumberedEvent> = {}): NumberedEvent => ({
  no: 1,
  at: 1_700_000_000_123,
  account: 'acc',
  via: 'socket',
  dir: 'in',
  type: 'entries',
  size: 10,
  conv: 'conv',
  ids: ['canary-id'],
  n: [3, 4],
  ...more,
});

describe('an export', () => {
  it('carefully made has no name, no address, no contents, and says how often it took what out', () => {
    const events = [
      some({ contents: 'canary body' }),
      some({ no: 2, words: 'wss://canary.example/ws refused' }),
    ];
    const { lines, replaced } = exportOf(events, { ...CAREFUL, replaceIds: true }, CONTEXT);
    expect(lines.join('\n')).not.toMatch(/canary/i);
    expect(replaced).toEqual({ names: 4, addresses: 1, ids: 6, contents: 1 });
    expect(JSON.parse(lines[1]!)).toMatchObject({ accountName: 'account 1', title: 'conversation 1' });
    expect(lines[2]).toContain('server 1/ws refused');
  });

  it('has the same number for the same thing, and another for another', () => {
    const { lines } = exportOf(
      [some(), some(), some({ ids: ['other'] })],
      { ...CAREFUL, replaceIds: true },
      CONTEXT,
    );
    const ids = lines.slice(1).map((line) => JSON.parse(line).ids[0]);
    expect(ids).toEqual(['message 1', 'message 1', 'message 2']);
  });

  it('has names and contents where they are wanted', () => {
    const options = { replaceNames: false, replaceIds: false, contents: true };
    const { lines } = exportOf([some({ contents: '{"said":"hello"}' })], options, CONTEXT);
    expect(JSON.parse(lines[1]!)).toMatchObject({ title: 'Canary Bob', contents: '{"said":"hello"}' });
  });

  it('has no secret, whatever was chosen and wherever it came from', () => {
    const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLWhlcmU';
    const options = fc.record<ExportOptions>({
      replaceNames: fc.boolean(),
      replaceIds: fc.boolean(),
      contents: fc.boolean(),
    });
    fc.assert(
      fc.property(options, fc.string(), fc.string(), (chosen, before, after) => {
        const text = `${before} Bearer canary-token-12345 ${jwt} token=canary-12345 ${after}`;
        const { lines } = exportOf([some({ ids: [], words: text, contents: text })], chosen, {
          ...CONTEXT,
          names: { accounts: new Map(), conversations: new Map() },
        });
        expect(lines.join('\n')).not.toMatch(/canary/);
        expect(lines.join('\n')).not.toContain(jwt);
      }),
    );
  });

  it('is read back as it was, with its names', () => {
    const events = [some(), some({ no: 2, account: null, via: 'life', dir: null, type: 'suspend', size: 0 })];
    const { lines } = exportOf(events, { ...CAREFUL, replaceNames: false }, CONTEXT);
    const file = fileIn('x.jsonl', `${lines.join('\n')}\n`)!;
    expect(file.events[0]).toEqual(events[0]);
    expect(file.events[1]).toMatchObject({ account: null, via: 'life', type: 'suspend' });
    expect(file.names.conversations.get('conv')).toBe('Canary Bob');
    expect(file.skipped).toBe(0);
  });

  it('of something else is refused, and lines that are not understood are counted', () => {
    expect(fileIn('x', 'hello')).toBeNull();
    expect(fileIn('x', '{"format":"another/1"}\n')).toBeNull();
    expect(fileIn('x', '{"format":"matchbook-log/1"}\nbroken\n{"type":5}\n[]\n')).toMatchObject({
      events: [],
      skipped: 3,
    });
  });

  it('of anybody never breaks the reader', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string())), (rest) => {
        const file = fileIn('x', ['{"format":"matchbook-log/1"}', ...rest].join('\n'));
        for (const { no, at, type } of file!.events)
          expect([typeof no, typeof at, typeof type]).toEqual(['number', 'number', 'string']);
      }),
    );
  });
});
