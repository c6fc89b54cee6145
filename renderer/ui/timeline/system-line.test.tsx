import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import { ownRow } from '../testing/fake-bridge.ts';
import { SystemLine } from './system-line.tsx';

const said = (own: boolean, group: boolean) => {
  const row = { ...ownRow('c', '', 1), kind: 'create', own, sender: own ? 'me' : 'bob' };
  const { container } = render(
    <WordsProvider locale="en">
      <SystemLine row={row} self={false} group={group} user="me" nameOf={() => 'Bob'} />
    </WordsProvider>,
  );
  return container.textContent;
};

it('who followed an invitation is not told to have started the conversation with who invited them', () => {
  expect([said(true, false), said(false, false)]).toEqual([
    'This is where your conversation begins.',
    'This is where your conversation begins.',
  ]);
  expect([said(true, true), said(false, true)]).toEqual(['You made this group.', 'Bob made this group.']);
});

it('a name that was taken away, or in which nothing is to be seen, is told as none', () => {
  const told = (text: string, own: boolean) => {
    const row = { ...ownRow('c', '', 1), kind: 'rename', own, sender: own ? 'me' : 'bob' };
    const { container } = render(
      <WordsProvider locale="en">
        <SystemLine
          row={{ ...row, body: { type: 'text/plain', text } }}
          self={false}
          group
          user="me"
          nameOf={() => 'Bob'}
        />
      </WordsProvider>,
    );
    return container.textContent;
  };
  expect(told('Picnic', false)).toBe('Bob named this group “Picnic”.');
  for (const text of ['', ' \n', '\u200b\u2066'])
    expect([told(text, true), told(text, false)]).toEqual([
      'You removed the name of this group.',
      'Bob removed the name of this group.',
    ]);
});
