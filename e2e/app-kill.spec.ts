import { pause, until } from './fixtures/conditions.ts';
import { LONG } from './fixtures/scale.ts';
import { expect, test } from './fixtures/test.ts';
import { faultsOf } from './fixtures/transcript.ts';

const KILLS = LONG ? 500 : 20;

test(`I3 I5 I8 I11: app killed with kill -9 right after Enter, ${KILLS} times: in the draft, the outbox or delivered`, async ({
  desktop,
  random,
}) => {
  test.setTimeout(KILLS * 21_000);
  const app = await desktop('ann').start();
  await app.startHere('Ann');
  const conv = (await app.conversations()).find(({ self }) => self)!.conv;
  const told: string[] = [];
  const kept: string[] = [];
  const outcomes = { draft: 0, outbox: 0, delivered: 0 };

  for (let i = 0; i < KILLS; i++) {
    const text = `message number ${i}.`;
    await app.composer.click();
    await app.page.keyboard.insertText(text);
    // What was typed is in the draft before Enter; from there on nothing may lose it.
    await until('the draft', async () => (await app.draft(conv)).text === text);
    const servers = await app.embeddedPids();
    const delay = random.between(0, 50);
    const pressed = app.page.keyboard.press('Enter').catch(() => {});
    await pause(delay);
    await app.kill9([servers.relay, servers.api]);
    await pressed;

    await app.start();
    await expect(app.composer).toBeVisible();
    const view = await app.view(conv);
    const { text: draft } = await app.draft(conv);
    const rows = view.rows.filter((row) => row.text === text).length;
    const drafts = draft === text ? 1 : 0;
    const where = `${text} after ${delay.toFixed(1)} ms: ${rows} rows, draft "${draft}"`;
    expect(rows + drafts, where).toBe(1);
    told.push(where);
    outcomes[drafts === 1 ? 'draft' : view.rows.at(-1)?.n === null ? 'outbox' : 'delivered'] += 1;
    if (drafts === 1) {
      // The person finds it where they left it, and sends it.
      await expect(app.composer).toHaveValue(text);
      await app.composer.press('Enter');
      await app.sees(text);
    }
    kept.push(text);
  }

  test.info().annotations.push({ type: 'found in', description: JSON.stringify(outcomes) });
  await app.live();
  await app.drained(conv, 60_000);
  await until('the last row to have its place', async () => (await app.view(conv)).rows.at(-1)?.n);
  expect(faultsOf([await app.view(conv)], [{ by: 'ann', texts: kept }]), told.join('\n')).toEqual([]);
});
