import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOnDisk, shownName } from './file-name.ts';

describe('names of files', () => {
  it.each([
    ['../../etc/passwd', '....etcpasswd'],
    ['annual\u202efdp.exe', 'annualfdp.exe'],
    ['   ', 'file'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(251)}.pdf`],
  ])('%j is shown as %j', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  it.each([
    ['con.txt', '_con.txt'],
    ['a:b?.txt', 'a_b_.txt'],
    ['.bashrc', 'bashrc'],
    ['dots...', 'dots'],
  ])('%j is written as %j', (name, written) => {
    expect(nameOnDisk(name)).toBe(written);
  });

  it('fit every file system, whatever they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const written = nameOnDisk(name);
        expect(Buffer.byteLength(written)).toBeLessThanOrEqual(201);
        expect(written).not.toMatch(/[/\\:*?"<>|]|^\.|[. ]$/);
        expect(written).not.toBe('');
      }),
    );
  });
});
