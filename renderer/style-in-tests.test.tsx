import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { styleOf } from './style-in-tests.ts';

it('answers none for what HTML hides, also to who looks for roles', () => {
  render(
    <>
      <button type="button">there</button>
      <button type="button" hidden>
        hidden by itself
      </button>
      <div hidden>
        <button type="button">hidden with others</button>
      </div>
      <dialog>
        <button type="button">not open</button>
      </dialog>
      <div style={{ visibility: 'hidden' }}>
        <button type="button">kept out of sight</button>
      </div>
      <div style={{ display: 'none' }}>
        <button type="button">not laid out</button>
      </div>
    </>,
  );
  expect(screen.getAllByRole('button').map((one) => one.textContent)).toEqual(['there']);
});

it('looks anew each time', () => {
  render(<button type="button">there</button>);
  const button = screen.getByRole('button');
  const style = styleOf(button);
  expect(style.display).toBe('inline-block');
  button.hidden = true;
  expect(style.display).toBe('none');
  expect(screen.queryByRole('button')).toBeNull();
  button.hidden = false;
  button.style.visibility = 'hidden';
  expect(style.visibility).toBe('hidden');
});
