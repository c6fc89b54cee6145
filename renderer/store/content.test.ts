import { describe, expect, it } from 'vitest';
import { saidIn } from './content.ts';

const file = { hash: 'ab'.repeat(32), name: 'Plan.pdf', type: 'application/pdf', size: 3 };
const said = (content: unknown) =>
  saidIn({ type: 'application/vnd.matchbook.message+json', text: JSON.stringify(content) });

describe('what a body says', () => {
  it('has files only where they are files: a quote of anything else would take the window with it', () => {
    expect(said({ text: 'x', files: [null, 5, 'a', {}, { ...file, name: 7 }, file] })?.files).toEqual([file]);
    expect(said({ text: 'x', files: { length: 2 } })?.files).toEqual([]);
  });

  it('leaves out what does not fit, and keeps the text', () => {
    const odd = { text: 'x', reply: 'a', mentions: [null, 'bob'], audiences: [null], forwarded: 3 };
    expect(said(odd)).toEqual({
      ...{ text: 'x', reply: null, mentions: ['bob'], audiences: [], files: [], forwarded: null },
    });
    expect(said(null)).toBeNull();
  });
});
