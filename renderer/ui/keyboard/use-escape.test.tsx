import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { Menu, MenuItem } from '../base/menu.tsx';
import { useEscape } from './use-escape.ts';

function Ends({ name }: { name: string }) {
  const [on, setOn] = useState(true);
  useEscape(on, () => setOn(false));
  return on ? <p>{name}</p> : null;
}

function Asks() {
  const [open, setOpen] = useState(true);
  return (
    <Dialog open={open} onClose={() => setOpen(false)} title="A question">
      <p>Well?</p>
    </Dialog>
  );
}

const shown = (...names: string[]) => names.map((name) => screen.queryByText(name) !== null);

describe('Escape', () => {
  it('ends what came last, one thing a press', async () => {
    render(
      <>
        <Ends name="selection" />
        <Ends name="pane" />
      </>,
    );
    await userEvent.keyboard('{Escape}');
    expect(shown('selection', 'pane')).toEqual([true, false]);
    await userEvent.keyboard('{Escape}');
    expect(shown('selection', 'pane')).toEqual([false, false]);
  });

  it('ends a dialog first, and nothing behind it', async () => {
    render(
      <WordsProvider>
        <Ends name="selection" />
        <Asks />
      </WordsProvider>,
    );
    await screen.findByRole('dialog');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(shown('selection')).toEqual([true]);
    await userEvent.keyboard('{Escape}');
    expect(shown('selection')).toEqual([false]);
  });

  it('ends a menu first', async () => {
    render(
      <WordsProvider>
        <Ends name="pane" />
        <Menu trigger={<button type="button">More</button>}>
          <MenuItem onSelect={() => {}}>Do it</MenuItem>
        </Menu>
      </WordsProvider>,
    );
    await userEvent.click(screen.getByRole('button', { name: 'More' }));
    await screen.findByRole('menu');
    await userEvent.keyboard('{Escape}');
    expect(shown('pane')).toEqual([true]);
    await userEvent.keyboard('{Escape}');
    expect(shown('pane')).toEqual([false]);
  });

  it('is left to a field that has a use for it', async () => {
    render(
      <>
        <Ends name="pane" />
        <input aria-label="Field" onKeyDown={(event) => event.preventDefault()} />
      </>,
    );
    screen.getByLabelText('Field').focus();
    await userEvent.keyboard('{Escape}');
    expect(shown('pane')).toEqual([true]);
  });
});
