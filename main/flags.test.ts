import { formatInvitation } from '@matchbook/protocol/invitation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invitationIn, readFlags } from './flags.ts';
import { launchedIn } from './switches.ts';

const LINK = formatInvitation({ api: 'http://127.0.0.1:20002', secret: 'x'.repeat(43) });
const NONE = {
  smoke: false,
  demoName: null,
  join: null,
  demoTalk: false,
  printInvitation: false,
  bounds: null,
};

describe('the command line', () => {
  it.each([
    ['--smoke-started=5', 5],
    ['--smoke-started=soon', null],
    ['--smoke-started=-1', null],
    ['--smoke-started=1e99', null],
    ['--smoke-started', null],
  ])('says when the launch began, or does not: %s', (word, started) => {
    expect(launchedIn(['electron', word])).toBe(started);
  });

  it('says nothing by itself, and nothing by words that are not known', () => {
    expect(readFlags([])).toEqual(NONE);
    expect(readFlags(['electron', '.', '--no-sandbox', '--smoking', '-smoke', 'smoke', '--join'])).toEqual(
      NONE,
    );
  });

  it('says what it can say', () => {
    expect(
      readFlags([
        '--smoke',
        '--demo-name=Ann',
        `--join=${LINK}`,
        '--demo-talk',
        '--print-invitation',
        '--window-bounds=-20,40,760,820',
      ]),
    ).toEqual({
      smoke: true,
      demoName: 'Ann',
      join: LINK,
      demoTalk: true,
      printInvitation: true,
      bounds: { x: -20, y: 40, width: 760, height: 820 },
    });
  });

  it.each([
    '--window-bounds=',
    '--window-bounds=1,2,3',
    '--window-bounds=1,2,3,4',
    '--window-bounds=1,2,999999,10',
    '--join=http://example.org',
    '--demo-name=',
  ])('takes no bad value: %s', (word) => {
    expect(readFlags([word])).toEqual(NONE);
  });

  it('yields an invitation only where one is whole', () => {
    expect(invitationIn(['matchbook', LINK])).toBe(LINK);
    expect(invitationIn([`${LINK}`.slice(0, -3), 'matchbook://join/', 'matchbook://other/x'])).toBeNull();
    fc.assert(fc.property(fc.array(fc.string()), (words) => invitationIn(words) === null));
  });
});
