/** The pictures of docs/design, taken from the real app on real servers. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { directConversationId } from '@matchbook/protocol/ids';
import { ROOT } from '../scripts/project.mjs';
import type { Desktop } from './fixtures/desktop.ts';
import { expect, test } from './fixtures/test.ts';

const FOLDER = join(ROOT, 'docs', 'design');
const WIDE = { width: 1180, height: 760 };
const NARROW = { width: 400, height: 760 };

async function sized(app: Desktop, { width, height }: { width: number; height: number }): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, size) => {
      for (const window of BrowserWindow.getAllWindows())
        if (window.isVisible()) window.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await expect.poll(() => app.page.evaluate(() => innerWidth)).toBe(width);
}

async function front(app: Desktop): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.focus();
  });
}

async function themed(app: Desktop, theme: 'light' | 'dark'): Promise<void> {
  await app.page.emulateMedia({ colorScheme: theme });
}

async function picture(app: Desktop, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await app.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}

test('pictures', async ({ servers, people, desktop }) => {
  const app = await desktop('ann').start();
  await themed(app, 'light');
  await sized(app, WIDE);
  await picture(app, 'first-screen');
  await app.page.getByTestId('have-invitation').click();
  await app.page.getByTestId('invitation-input').fill('matchbook://join/something-else');
  await app.page.getByTestId('invitation-input').blur();
  await expect(app.page.getByTestId('invitation-input')).toHaveAttribute('aria-invalid', 'true');
  await picture(app, 'error');

  const first = await people('Mira');
  await app.page.getByTestId('invitation-input').fill(await first.invitationLink());
  await app.page.getByTestId('name-input').fill('Ann Lindqvist');
  await app.page.getByTestId('join-submit').click();
  await expect(app.page.getByTestId('recovery-done')).toBeVisible({ timeout: 30_000 });
  // What this machine lacks is not what a picture is about.
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  await expect(app.page.locator('[data-testid^="notice-"]')).toHaveCount(0);
  await front(app);
  await picture(app, 'recovery-code');
  await app.page.getByTestId('recovery-done').click();
  const { user } = await app.account();

  const mira = await first.connect();
  mira.stayConnected();
  const conv = directConversationId(user, first.user);
  await app.openConversation(conv);
  await front(app);
  const lines: [who: 'ann' | 'mira', text: string][] = [
    ['mira', 'Are you still on for the lighthouse walk on Saturday?'],
    ['ann', 'Yes! The ferry leaves at 9:40, so let us meet at the pier at half past nine.'],
    ['mira', 'Perfect. I will bring the thermos 🫖'],
    ['ann', 'And I the map.\nThe old one, with the path along the cliffs.'],
    ['mira', 'This is the timetable: https://ferries.example/saturday'],
    ['ann', 'Got it. See you there'],
  ];
  for (const [who, text] of lines) {
    if (who === 'mira') {
      mira.say(conv, text);
      await app.sees(text.split('\n')[0]!);
    } else {
      await app.say(text);
      await app.reached(text.split('\n')[0]!, 'sent');
    }
  }
  await mira.read(conv, (await app.timeline(conv)).headN);
  await app.reached('Got it.', 'read');

  const long = await people('Maximiliane-Friederike von und zu Hohenstein-Wittelsbach (Fahrdienst)', first);
  const noor = await people('نور الهدى', first);
  await front(app);
  await expect(app.page.locator('.unread')).toHaveCount(0);
  await picture(app, 'conversation');
  await themed(app, 'dark');
  await picture(app, 'conversation-dark');
  await themed(app, 'light');
  await sized(app, NARROW);
  await picture(app, 'narrow');
  await sized(app, WIDE);

  for (const [person, said] of [
    [long, 'The van is booked for eight, with room for everybody and for the two bicycles.'],
    [noor, 'مرحبا! هل نلتقي غدًا في الساعة العاشرة؟'],
  ] as const) {
    const peer = await person.connect();
    const other = await peer.openDirect(user);
    peer.say(other, said);
    await peer.drained();
    await app.openConversation(other);
    await app.sees(said);
    await front(app);
    await expect(app.page.locator('[aria-current] .unread')).toHaveCount(0);
    if (person === noor) {
      await app.say('نعم، بكل سرور. See you at 10!');
      await app.reached('بكل سرور', 'sent');
    }
    await picture(app, person === noor ? 'right-to-left' : 'long-name');
  }

  await app.openConversation(conv);
  await servers.relay.stop();
  await expect(app.status).not.toHaveAttribute('data-state', 'live');
  await app.say('Written while nobody was there; it goes out by itself');
  await app.sees('Written while nobody was there');
  await picture(app, 'offline');
});
