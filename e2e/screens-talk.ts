/** The living sheet of docs/design, what opens from a conversation. With MATCHBOOK_LOOKS=all every screen in every look, to be looked at and not to be kept. */
import { picture, sized, WIDE } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';
import { visitTalk } from './fixtures/visits.ts';

const LOOKS = {
  dark: { theme: 'dark', size: WIDE, language: 'en' },
  narrow: { theme: 'light', size: [700, 500], language: 'en' },
  rtl: { theme: 'light', size: WIDE, language: 'ar' },
  ja: { theme: 'light', size: WIDE, language: 'ja' },
} as const;
type Look = keyof typeof LOOKS;

/** Small ones, like others that are there. */
const LEFT_OUT = ['conversation-menu', 'send-menu', 'date', 'account-menu', 'server-letters'];
/** What the sheet has besides the usual look. */
const KEPT: Record<string, Look[]> = {
  group: ['dark', 'ja'],
  thread: ['rtl'],
  schedule: ['dark'],
  members: ['rtl', 'narrow'],
  forward: ['rtl'],
  passport: ['dark'],
  gallery: ['narrow'],
  'server-people': ['dark'],
  person: ['ja'],
};

test('pictures of what opens from a conversation', async ({ servers, people, desktop }) => {
  test.setTimeout(600_000);
  const mira = await people('Mira Castellanos');
  const others = [
    await people('Maximiliane-Friederike von und zu Hohenstein-Wittelsbach', mira),
    await people('نور الهدى', mira),
  ] as const;
  const app = await desktop('ann').start();
  const { page } = app;
  await page.emulateMedia({ colorScheme: 'light' });
  await sized(app, page, WIDE);
  const spoken = async (language: 'en' | 'ar' | 'ja') => {
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
  };
  const every = process.env.MATCHBOOK_LOOKS === 'all';
  const at = async (screen: string) => {
    if (!every && LEFT_OUT.includes(screen)) return;
    await page.waitForTimeout(250);
    await picture(page, `talk-${screen}`);
    const looks = every ? (Object.keys(LOOKS) as Look[]) : (KEPT[screen] ?? []);
    for (const look of looks) {
      const { theme, size, language } = LOOKS[look];
      await page.emulateMedia({ colorScheme: theme });
      await sized(app, page, size);
      if (language !== 'en') await spoken(language);
      await page.waitForTimeout(250);
      await picture(page, `talk-${screen}-${look}`);
      if (language !== 'en') await spoken('en');
      await page.emulateMedia({ colorScheme: 'light' });
      await sized(app, page, WIDE);
    }
  };
  await visitTalk({ app, servers, mira, others, at });
});
