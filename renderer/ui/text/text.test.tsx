import { bodyOf } from '@matchbook/protocol/message-body';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saidIn } from '../../store/content.ts';
import { namedBy } from '../../store/mentions.ts';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { Markdown, MarkdownWithFoot } from './markdown.tsx';

const shown = async (
  text: string,
  named?: Parameters<typeof Markdown>[0]['named'],
  bridge = new FakeBridge(),
) => {
  const view = await openWindow(bridge, <Markdown text={text} named={named} />, render);
  return { ...view, bridge, text: () => view.container.querySelector('.message-text')! };
};

describe('a text on screen', () => {
  it('is elements of ours, and code in colours once they are loaded', async () => {
    const { text } = await shown('**b** *i* ~~s~~ `c`\n> q\n\n- one\n\n```js\nconst a = 1;\n```');
    for (const name of ['strong', 'em', 's', 'code', 'blockquote', 'ul > li', 'pre'])
      expect(text().querySelector(name), name).not.toBeNull();
    // The first to ask loads the grammars.
    await waitFor(() => expect(text().querySelector('.hljs-keyword')?.textContent).toBe('const'), {
      timeout: 10_000,
    });
    expect(text().querySelector('pre')?.textContent).toBe('const a = 1;');
  });

  it.each([
    ['Over more than one line', 'spoken flowing-ltr'],
    ['> said\nand answered', 'spoken flowing-ltr'],
    ['«مرحبا» hello', 'spoken flowing-rtl'],
    ['@Ann\n\nنعم', 'spoken flowing-rtl'],
    ['12:30', 'spoken flowing-ltr'],
    ['🎉', 'spoken'],
    ['one\n\n- two', 'spoken'],
    ['```\ncode\n```', 'spoken'],
  ])('%j: its foot goes on after its words where they are words', async (text, expected) => {
    const foot = <span className="meta">12:30</span>;
    const { container } = await openWindow(
      new FakeBridge(),
      <MarkdownWithFoot text={text} foot={foot} />,
      render,
    );
    expect(container.querySelector('.meta')!.parentElement!.className).toBe(expected);
  });

  it('covers what was covered, also for who listens, until it is asked for', async () => {
    const { text } = await shown('it was ||the butler||');
    const cover = screen.getByTestId('spoiler');
    expect(cover.getAttribute('aria-label')).toBe('Hidden text. Show it.');
    expect(cover.querySelector('[aria-hidden="true"][inert]')).not.toBeNull();
    fireEvent.click(cover);
    expect(text().querySelector('button')).toBeNull();
    expect(text().textContent).toBe('it was the butler');
    // Keys go on from the words, not from the beginning of the window.
    expect(document.activeElement?.textContent).toContain('butler');
    expect(document.activeElement).not.toBe(document.body);
  });

  it('marks who is named, oneself the stronger, by whole names', async () => {
    const people = [
      { user: 'anna', name: 'Anna Maria' },
      // Two of one name: to each of them it is their own.
      { user: 'another', name: 'Ada' },
      { user: 'me', name: 'Ada' },
    ];
    await shown('@Anna Maria and @Ada, not @Adam', { people, own: 'me' });
    expect(screen.getAllByTestId('mention').map((one) => [one.textContent, one.className])).toEqual([
      ['@Anna Maria', 'mention'],
      ['@Ada', 'mention mention-own'],
    ]);
  });

  it('marks everybody apart from people, in the word of who wrote it', async () => {
    const said = { ...saidIn(bodyOf({ text: '', audiences: [{ to: 'everyone', as: 'Alle' }] }))! };
    await shown('@Alle: @Everyone, @Allegra', { people: namedBy(said, String), own: 'me' });
    expect(screen.getAllByTestId('mention-everyone').map((one) => one.textContent)).toEqual(['@Alle']);
    expect(screen.queryByTestId('mention')).toBeNull();
  });

  it('leads to a message within the app, and to the web through main', async () => {
    const bridge = new FakeBridge();
    const { store } = await shown('see matchbook://message/cy/7 and https://a.b/c', undefined, bridge);
    await waitFor(() => expect(store.state.getState().conversations[ACCOUNT]).toBeDefined());
    const [message, web] = screen.getAllByRole('link');
    fireEvent.click(web!);
    expect(bridge.asked('link.open')).toEqual([{ url: 'https://a.b/c' }]);
    fireEvent.click(message!);
    await waitFor(() => expect(store.state.getState().open).toEqual({ account: ACCOUNT, conv: 'cy' }));
    expect(bridge.asked('link.open')).toHaveLength(1);
    fireEvent.click(message!);
    expect(store.state.getState().failure).toBeNull();
  });

  it('is shown whatever it is, with no link that runs anything and no element of its own', async () => {
    const piece = fc.constantFrom(
      '**',
      '`',
      '||',
      '[a](',
      'javascript:alert(1)',
      ')',
      '<img src=x onerror=alert(1)>',
      '<script>',
      '\n',
      '> ',
      '- ',
      'https://a.b',
      '@',
      'x',
      '\u202e',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (said) => {
        const { text: at } = await shown(said);
        for (const link of at().querySelectorAll('a'))
          expect(link.href).toMatch(/^(https?:|mailto:|matchbook:)/);
        expect(at().querySelector('img, script, iframe, style, [onerror]')).toBeNull();
        cleanup();
      }),
      { numRuns: 60 },
    );
  });
});
