import { LANGUAGES } from '@matchbook/protocol/bridge/choices';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { englishFailures } from './english-failures.ts';
import { speechOf } from './languages.ts';
import { useWords, WordsProvider } from './words.tsx';

const KINDS = Object.keys(englishFailures).map((id) => id.replace('failure.', '') as LocalFailure['kind']);
/** What the server or the system said is told besides: it is nobody's to translate. */
const QUOTED: LocalFailure['kind'][] = ['other', 'embedded_failed', 'file_unreadable'];

async function wordsIn(language: (typeof LANGUAGES)[number]) {
  const speech = await speechOf(language, []);
  const { result } = renderHook(useWords, {
    wrapper: ({ children }) => <WordsProvider speech={speech}>{children}</WordsProvider>,
  });
  return result.current;
}

const failureIn = async (language: (typeof LANGUAGES)[number]) => (await wordsIn(language)).failure;

it('a size is one byte, or some bytes, or in larger units', async () => {
  const { bytes } = await wordsIn('en');
  expect([0, 1, 7, 1_024, 1_536_000].map(bytes)).toEqual(['0 bytes', '1 byte', '7 bytes', '1 kB', '1.5 MB']);
});

describe('a refusal', () => {
  it.each(LANGUAGES)(
    '%s: is said in the words of the person, not in those of the server',
    async (language) => {
      const failure = await failureIn(language);
      const message = 'said by the server';
      expect(KINDS.filter((kind) => failure({ kind, message }).includes(message)).sort()).toEqual(
        [...QUOTED].sort(),
      );
    },
  );

  it.each(LANGUAGES)('%s: says what is wrong with which field', async (language) => {
    const failure = await failureIn(language);
    const of = (kind: LocalFailure['kind'], field?: string) =>
      failure({ kind, message: '', ...(field === undefined ? {} : { field }) });
    const said = ['name', 'login', 'password', 'q', 'due', 'type', undefined, 'colour'].map((field) =>
      of('invalid_field', field),
    );
    expect(new Set(said).size).toBe(said.length);
    expect(said.at(-1)).toContain('colour');
    expect(of('invalid_field', 'next')).toBe(of('invalid_field', 'password'));
    expect(of('conflict', 'login')).not.toBe(of('conflict'));
  });

  it.each(LANGUAGES)('%s: names the limit, and how long to wait', async (language) => {
    const failure = await failureIn(language);
    const tooLarge = failure({ kind: 'body_too_large', message: '', limit: 65_536 });
    expect(tooLarge).toContain('64');
    expect(failure({ kind: 'body_too_large', message: '' })).not.toContain('64');
    expect(failure({ kind: 'rate_limited', message: '', retryAfter: 41.2 })).toContain('42');
    expect(failure({ kind: 'rate_limited', message: '' })).not.toMatch(/\d/);
    const many = (field: string, limit?: number) =>
      failure({ kind: 'invalid_field', message: '', field, ...(limit === undefined ? {} : { limit }) });
    expect(many('users', 250)).toContain('250');
    expect(many('members', 250)).toBe(many('users', 250));
    expect(many('users')).not.toMatch(/\d|users/);
  });
});
