import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { english } from '../../i18n/english.ts';
import { ComponentBase } from '../base/component-base.tsx';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { ProxyDoor } from './proxy-dialog.tsx';

const QUESTION = { place: 'proxy.office:8080', realm: 'Office', asked: 1, wrong: false, kept: true };

it('asks for what the proxy wants, says what was wrong, takes no further answer while one is on its way, and can be refused', async () => {
  const bridge = new FakeBridge();
  for (const call of ['proxy.signIn', 'proxy.cancel'] as const)
    bridge.answers[call] = () => ({ ok: true, value: null });
  const { store } = await openWindow(
    bridge,
    <ComponentBase>
      <ProxyDoor />
    </ComponentBase>,
    render,
  );
  expect(screen.queryByTestId('proxy-dialog')).toBeNull();
  const ask = (more: Partial<typeof QUESTION>) =>
    bridge.emit('app.changed', { ...store.state.getState().app!, proxy: { ...QUESTION, ...more } });
  ask({});
  const dialog = await screen.findByRole('dialog', { name: english['proxy.title'] });
  expect(dialog.textContent).toContain('proxy.office:8080 (“Office”)');
  expect(dialog.textContent).toContain(english['proxy.kept']);
  const user = userEvent.setup();
  await user.click(screen.getByTestId('proxy-submit'));
  expect(dialog.textContent).toContain(english['proxy.empty']);
  expect(bridge.asked('proxy.signIn')).toEqual([]);
  await user.type(screen.getByLabelText(english['proxy.user']), ' ann ');
  await user.type(screen.getByLabelText(english['proxy.password']), ' wrong ');
  await user.click(screen.getByTestId('proxy-submit'));
  // A password may begin and end with spaces.
  expect(bridge.asked('proxy.signIn')).toEqual([{ user: 'ann', password: ' wrong ' }]);
  expect(screen.getByTestId('proxy-submit')).toHaveProperty('disabled', true);
  // The app changed otherwise: the answer is still on its way.
  ask({});
  expect(screen.getByTestId('proxy-submit')).toHaveProperty('disabled', true);
  ask({ asked: 2, wrong: true, realm: '', kept: false });
  await screen.findByText(english['proxy.wrong']);
  expect(dialog.textContent).toContain('proxy.office:8080 lets');
  await user.keyboard('{Escape}');
  expect(bridge.asked('proxy.cancel')).toEqual([{}]);
});
