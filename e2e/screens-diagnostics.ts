/** The pictures of the diagnostics window in docs/design, taken from the real app on real servers. */
import { directConversationId } from '@matchbook/protocol/ids';
import type { Page } from '@playwright/test';
import { until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { sized, picture as take } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';

const picture = (page: Page, name: string) => take(page, `diagnostics-${name}`);

/** Events as a busy session host would tell them. */
async function flood(app: Desktop, account: string, conv: string, count: number): Promise<void> {
  const host = app.electron.windows().find((page) => page.url().includes('session-host'))!;
  await host.evaluate(
    async ([of, where, all]) => {
      const bridge = (
        globalThis as unknown as { matchbook: { call(n: string, p: unknown): Promise<unknown> } }
      ).matchbook;
      for (let done = 0; done < all; done += 500) {
        const events = Array.from({ length: 500 }, (_, i) => ({
          at: Date.now() - (all - done - i) * 40,
          account: of,
          via: 'socket',
          dir: i % 3 === 0 ? 'out' : 'in',
          type: i % 3 === 0 ? 'append' : i % 3 === 1 ? 'entries' : 'ack',
          size: 180 + ((i * 37) % 900),
          conv: where,
          ids: [`0193${done + i}-example-id`],
          count: 1,
          n: [done + i + 1, done + i + 1],
        }));
        await bridge.call('host.log', { events });
      }
    },
    [account, conv, count] as const,
  );
}

test('pictures of the diagnostics window', async ({ servers, people, desktop }) => {
  const mira = await people('Mira');
  const app = await desktop('ann').start();
  await app.join(await mira.invitationLink(), 'Ann Lindqvist');
  await app.live();
  const { user, account } = await app.account();
  const conv = directConversationId(user, mira.user);
  await app.openConversation(conv);
  const peer = await mira.connect();
  peer.stayConnected();
  for (const text of ['one', 'two', 'three']) {
    await app.say(`From Ann, ${text}`);
    await app.reached(`From Ann, ${text}`, 'sent');
    peer.say(conv, `From Mira, ${text}`);
    await app.sees(`From Mira, ${text}`);
  }
  await app.page.getByTestId('open-diagnostics').click();
  const page = await until('the diagnostics window', () =>
    app.electron.windows().find((one) => one.url().includes('diagnostics')),
  );
  await page.emulateMedia({ colorScheme: 'light' });
  await sized(app, page, [1080, 800]);
  await expect(page.getByTestId('link-card')).toHaveAttribute('data-state', 'live');
  await picture(page, 'connection');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'connection-dark');
  await page.getByTestId('tab-log').click();
  await page.locator('[data-testid="log-row"][data-type="ack"]').last().click();
  await picture(page, 'log-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await picture(page, 'log');
  await sized(app, page, [700, 500]);
  await picture(page, 'log-narrow');
  await page.getByTestId('tab-connection').click();
  await picture(page, 'connection-narrow');
  await sized(app, page, [1080, 800]);

  await page.getByTestId('tab-log').click();
  await page.getByTestId('log-filter').fill('nothing has this in it');
  await picture(page, 'log-empty');
  await page.getByTestId('log-filter').fill('');
  await page.getByTestId('log-options').click();
  await expect(page.getByTestId('log-contents')).toBeVisible();
  await picture(page, 'contents-switch');
  await page.keyboard.press('Escape');
  await page.getByTestId('tab-check').click();
  await page.getByTestId('check-run').click();
  await expect(page.getByTestId('check-data')).toHaveAttribute('data-result', 'ok');
  await picture(page, 'check');

  const spoken = async (language: 'ar' | 'en') => {
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
  };
  await spoken('ar');
  await page.getByTestId('tab-log').click();
  await page.locator('[data-testid="log-row"]').last().click();
  await picture(page, 'log-rtl');
  await page.getByTestId('tab-connection').click();
  await picture(page, 'connection-rtl');
  await page.getByTestId('tab-check').click();
  await picture(page, 'check-rtl');
  await spoken('en');

  await flood(app, account, conv, 50_000);
  await page.getByTestId('tab-log').click();
  await expect(page.getByTestId('log-count')).toContainText('50,0');
  await picture(page, 'log-full');

  await servers.relay.stop();
  await page.getByTestId('tab-connection').click();
  const attempts = async () =>
    Number.parseInt((await page.getByTestId('attempts').locator('dd').textContent()) ?? '', 10);
  await expect.poll(attempts, { timeout: 30_000 }).toBeGreaterThanOrEqual(4);
  await picture(page, 'waiting');
  await page.getByTestId('tab-check').click();
  await page.getByTestId('check-run').click();
  await expect(page.getByTestId('check-end')).not.toBeEmpty({ timeout: 30_000 });
  await picture(page, 'check-trouble');
  await page.getByTestId('tab-connection').click();
  await page.getByTestId('go-offline').click();
  await expect(page.getByTestId('link-card')).toHaveAttribute('data-state', 'resting');
  await picture(page, 'resting');
});
