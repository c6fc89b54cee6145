import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalError } from './bridge/local-failure.ts';
import { openLink } from './links.ts';

async function tryToOpen(text: string, consent = true) {
  const asked: string[] = [];
  const opened: string[] = [];
  const refused = await openLink(text, {
    confirm: async (message, detail) => {
      asked.push(`${message} ${detail}`);
      return consent;
    },
    open: async (url) => void opened.push(url),
  }).then(
    () => null,
    (error: unknown) => (error instanceof LocalError ? error.failure.kind : `threw ${error}`),
  );
  return { asked, opened, refused };
}

describe('a link', () => {
  it('is opened after the person has seen where it leads', async () => {
    expect(await tryToOpen('https://example.org/a?b#c')).toEqual({
      asked: ['Open example.org in your browser? https://example.org/a?b#c'],
      opened: ['https://example.org/a?b#c'],
      refused: null,
    });
    expect((await tryToOpen('https://example.org/', false)).opened).toEqual([]);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0000javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'smb://host/share',
    'ms-msdt:/id PCWDiagnostic',
    'vbscript:x',
    'blob:https://example.org/x',
    'app://matchbook/index.html',
    'matchbook://join/x',
    'chrome://settings',
    'view-source:https://example.org',
    '\\\\host\\share',
    '//example.org',
    'example.org',
    '',
  ])('of another kind is refused without a question: %j', async (text) => {
    expect(await tryToOpen(text)).toEqual({ asked: [], opened: [], refused: 'bad_link' });
  });

  it('shows the true host: behind credentials, look-alikes and turned text', async () => {
    expect((await tryToOpen('https://bank.example@evil.example/')).asked[0]).toContain(
      'Open evil.example in',
    );
    // A Cyrillic a.
    expect((await tryToOpen('https://b\u0430nk.example/')).asked[0]).toContain('Open xn--bnk-6cd.example in');
    expect((await tryToOpen('https://example.org/\u202Egnp.exe')).asked[0]).not.toContain('\u202E');
  });

  it('says when the connection is not encrypted', async () => {
    expect((await tryToOpen('http://example.org/')).asked[0]).toContain('not encrypted');
    expect((await tryToOpen('https://example.org/')).asked[0]).not.toContain('not encrypted');
  });

  it('to an address writes a mail, and attaches nothing of this computer', async () => {
    const { opened } = await tryToOpen(
      'mailto:ann@example.org?subject=hi&attach=/etc/passwd&Attachment=x&body=text',
    );
    expect(opened).toEqual(['mailto:ann@example.org?subject=hi&body=text']);
  });

  it('whatever the text, only web and mail addresses reach the system', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `https:${rest}`),
        ),
        async (text) => {
          const { opened, refused } = await tryToOpen(text);
          expect([null, 'bad_link']).toContain(refused);
          for (const url of opened) expect(url).toMatch(/^(https?:\/\/[^/]|mailto:)/);
        },
      ),
    );
  });
});
