import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import { ComponentBase } from './component-base.tsx';
import { Confirm, Dialog } from './dialog.tsx';
import { AnchoredMenu, Menu, MenuChoice, MenuItem } from './menu.tsx';
import { Select } from './select.tsx';
import { Switch } from './switch.tsx';
import { Tabs } from './tabs.tsx';

const shown = (children: React.ReactNode) =>
  render(
    <WordsProvider locale="en">
      <ComponentBase>{children}</ComponentBase>
    </WordsProvider>,
  );

describe('the components of the windows', () => {
  it('a dialog has a name and a description, closes by Escape, and brings no style element', async () => {
    const onClose = vi.fn();
    shown(
      <Dialog open onClose={onClose} title="About" description="Two words">
        <button type="button">In it</button>
      </Dialog>,
    );
    const dialog = await screen.findByRole('dialog', { name: 'About' });
    expect(dialog).toHaveProperty('id');
    expect(document.getElementById(dialog.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'Two words',
    );
    await userEvent.keyboard('{Escape}');
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(document.querySelectorAll('style')).toHaveLength(0);
  });

  it('a question is answered only by its buttons', async () => {
    const [onConfirm, onCancel] = [vi.fn(), vi.fn()];
    const question = { title: 'Discard?', description: 'It is gone then.', action: 'Discard' };
    shown(<Confirm open {...question} dangerous onConfirm={onConfirm} onCancel={onCancel} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Discard' }));
    expect(onConfirm).toHaveBeenCalledTimes(1);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  it('a menu is worked by the keyboard alone', async () => {
    const [first, second, chosen] = [vi.fn(), vi.fn(), vi.fn()];
    shown(
      <Menu trigger={<button type="button">More</button>}>
        <MenuItem onSelect={first}>First</MenuItem>
        <MenuItem onSelect={second} dangerous shortcut="Del">
          Second
        </MenuItem>
        <MenuChoice
          label="Level"
          value="all"
          options={[
            { value: 'all', label: 'All' },
            { value: 'none', label: 'None' },
          ]}
          onChange={chosen}
        />
      </Menu>,
    );
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    await screen.findByRole('menuitem', { name: /First/ });
    expect(screen.getByRole('menuitemradio', { name: 'All' }).getAttribute('aria-checked')).toBe('true');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(second).toHaveBeenCalledTimes(1));
    expect(first).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('button', { name: 'More' }));
    await userEvent.click(await screen.findByRole('menuitemradio', { name: 'None' }));
    expect(chosen).toHaveBeenCalledWith('none');
  });

  it('a menu that goes gives the focus back, and takes it from nothing that was opened while it faded', async () => {
    const Row = () => {
      const [open, setOpen] = useState(false);
      const row = useRef<HTMLButtonElement>(null);
      return (
        <>
          <button ref={row} type="button" onClick={() => setOpen(true)}>
            Row
          </button>
          <AnchoredMenu
            open={open}
            anchor={document.body}
            onClose={() => setOpen(false)}
            focusAfter={() => row.current}
          >
            <MenuItem onSelect={() => undefined}>Pin</MenuItem>
          </AnchoredMenu>
          <Menu trigger={<button type="button">Bell</button>}>
            <MenuItem onSelect={() => undefined}>Mute</MenuItem>
          </Menu>
        </>
      );
    };
    shown(<Row />);
    const row = screen.getByRole('button', { name: 'Row' });
    await userEvent.click(row);
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Pin' }));
    await waitFor(() => expect(document.activeElement).toBe(row));

    await userEvent.click(row);
    const pin = await screen.findByRole('menuitem', { name: 'Pin' });
    let faded: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      faded = resolve;
    });
    const fading = { finished, pending: false, playState: 'running', effect: null };
    Object.assign(screen.getByRole('menu'), { getAnimations: () => [fading] });
    await userEvent.click(pin);
    await userEvent.click(screen.getByRole('button', { name: 'Bell' }));
    const mute = await screen.findByRole('menuitem', { name: 'Mute' });
    await waitFor(() => expect(mute.closest('[role="menu"]')?.contains(document.activeElement)).toBe(true));
    expect(pin.isConnected).toBe(true);
    const taken = vi.fn();
    row.addEventListener('focus', taken);
    faded();
    await waitFor(() => expect(pin.isConnected).toBe(false));
    expect(taken).not.toHaveBeenCalled();
    expect(screen.queryByRole('menuitem', { name: 'Mute' })).not.toBeNull();
  });

  it('a select, a switch and tabs have names and tell what was chosen', async () => {
    const Both = () => {
      const [sound, setSound] = useState('ping');
      const [on, setOn] = useState(false);
      const [tab, setTab] = useState('a');
      const options = [
        { value: 'ping', label: 'Ping' },
        { value: 'none', label: 'No sound' },
      ];
      return (
        <>
          <Select label="Sound" value={sound} options={options} onChange={setSound} hint="When one comes" />
          <Switch label="Previews" checked={on} onChange={setOn} />
          <Tabs
            label="Sections"
            value={tab}
            onChange={setTab}
            tabs={[
              { value: 'a', label: 'One' },
              { value: 'b', label: 'Two' },
            ]}
          >
            panel {tab}
          </Tabs>
        </>
      );
    };
    shown(<Both />);
    const select = screen.getByRole('combobox', { name: 'Sound' });
    expect(select.textContent).toContain('Ping');
    await userEvent.click(select);
    await userEvent.click(await screen.findByRole('option', { name: 'No sound' }));
    expect(select.textContent).toContain('No sound');
    await userEvent.click(screen.getByRole('switch', { name: 'Previews' }));
    expect(screen.getByRole('switch', { name: 'Previews' }).getAttribute('aria-checked')).toBe('true');
    await userEvent.click(screen.getByRole('tab', { name: 'Two' }));
    expect(screen.getByRole('tabpanel').textContent).toBe('panel b');
  });
});
