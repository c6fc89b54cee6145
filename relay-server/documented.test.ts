import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPENDS } from '@matchbook/protocol/entries';
import { FAILURES } from '@matchbook/protocol/failures';
import { DOWN, UP } from '@matchbook/protocol/frames';
import { describe, expect, it } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../docs/protocol.md'), 'utf8');

describe('docs/protocol.md', () => {
  it.each(Object.keys(APPENDS))('has a row for the kind %s', (kind) => {
    expect(page).toMatch(new RegExp(`^\\| \`${kind}\` \\|.+\\|.+\\|`, 'm'));
  });
  it.each(Object.keys({ ...UP, ...DOWN }))('has an example of the frame %s', (t) => {
    expect(page).toContain(`{"t":"${t}"`);
  });
  it.each(Object.entries(FAILURES))(
    'has the failure %s with its close code and status',
    (kind, { close, status }) => {
      const row = page
        .split('\n')
        .find((line) => line.startsWith('|') && line.split('|')[1]!.includes(`\`${kind}\``));
      expect(row).toBeDefined();
      if (close) expect(row).toContain(`| ${close} |`);
      if (status && !row!.includes(',')) expect(row).toContain(` ${status} |`);
    },
  );
  it('numbers its rules without gaps', () => {
    const numbers = [...page.matchAll(/\*\*P(\d+)\*\*/g)].map(([, n]) => Number(n));
    expect([...numbers].sort((one, other) => one - other)).toEqual(numbers.map((_, i) => i + 1));
  });
});
