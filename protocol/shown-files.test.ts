import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { bodyOf, FileReference, type MessageContent, readContent } from './message-body.ts';
import { shownFiles } from './shown-files.ts';

const hash = 'ab'.repeat(32);
const file = { hash, name: 'a.png', type: 'image/png', size: 3, width: 2, height: 1, blurhash: 'L9M{~T' };
const preview = { url: 'https://example.org/', title: 'A page' };
const body = (said: unknown) => ({
  type: 'application/vnd.matchbook.message+json',
  text: JSON.stringify(said),
});

describe('files and page of a message', () => {
  it('are shown as they were said', () => {
    const said: MessageContent = { text: 'x', files: [file], preview };
    expect(shownFiles(bodyOf(said))).toEqual({ files: [file], preview });
    expect(shownFiles(bodyOf({ text: 'only text' }))).toEqual({ files: [], preview: null });
    expect(shownFiles(null)).toEqual({ files: [], preview: null });
  });

  it.each([
    ['a hash that leads elsewhere', { ...file, hash: '../../etc/passwd' }],
    ['no name', { ...file, name: '' }],
    ['a size below nothing', { ...file, size: -1 }],
    ['a width of nothing', { ...file, width: 0 }],
    ['a wave that is no wave', { ...file, waveform: [1, 'x'] }],
    ['nothing', null],
  ])('are left out where one has %s, and the others stay', (_, wrong) => {
    expect(shownFiles(body({ text: '', files: [wrong, file] })).files).toEqual([file]);
  });

  it('have names in one line that read from one side, wherever they are read', () => {
    for (const [name, shown] of [
      ['annual\u202efdp.exe', 'annualfdp.exe'],
      ['two\nlines.txt', 'two lines.txt'],
      ['\u2067\u202e', 'file'],
      ['שלום.pdf', 'שלום.pdf'],
    ] as const) {
      const said = body({ text: '', files: [{ ...file, name }] });
      expect(shownFiles(said).files).toEqual([{ ...file, name: shown }]);
      expect(readContent(said)?.files).toEqual([{ ...file, name: shown }]);
    }
  });

  it('are no script: a page is one of the web', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'matchbook://join/x', ' https://x'])
      expect(shownFiles(body({ text: '', preview: { url, title: 'x' } })).preview).toBeNull();
  });

  it('never throw, and what is shown is what the schema takes', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.oneof(fc.object(), fc.constant(file))), (json, files) => {
        expect(() =>
          shownFiles({ type: 'application/vnd.matchbook.message+json', text: json }),
        ).not.toThrow();
        for (const shown of shownFiles(body({ text: '', files })).files)
          expect(Check(FileReference, shown)).toBe(true);
      }),
    );
  });
});
