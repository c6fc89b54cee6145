import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { bounded, until } from './fixtures/conditions.ts';
import { marked } from './fixtures/marked.ts';
import { LONG } from './fixtures/scale.ts';
import { expect, test } from './fixtures/test.ts';

/** Messages there: as many as may come at once. */
const COUNT = 270;

/** Things that happen around what one reads, in an order of their own each run. */
const STEPS = LONG ? 150 : 8;

test('a window that is made narrower and wider stays at the newest, and where one was reading when one was', async ({
  desktop,
}) => {
  const app = await desktop('ann').start();
  await app.startHere('Ann');
  const long = 'words that are broken into more lines the narrower the window is, '.repeat(4);
  for (let i = 0; i < 12; i++) await app.say(`${i} ${long}`);
  await app.reached('11 words', 'sent');
  const jump = app.page.getByTestId('new-messages');
  const resize = async (width: number) => {
    await app.electron.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())!
        .setContentSize(to, 700);
    }, width);
    await expect.poll(() => app.page.evaluate(() => innerWidth)).toBe(width);
  };
  /** px below the last message. */
  const bottom = async () => {
    const box = await app.row('11 words').boundingBox();
    const frame = await app.page.getByTestId('timeline').boundingBox();
    return box && frame
      ? Math.round(frame.y + frame.height - (box.y + box.height))
      : Number.POSITIVE_INFINITY;
  };
  // Its marks may still come.
  await expect(app.row('11 words')).toHaveAttribute('data-save', 'saved');
  let atRest = await bottom();
  await expect(async () => {
    const before = atRest;
    await app.page.evaluate(
      () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))),
    );
    atRest = await bottom();
    expect(atRest).toBe(before);
  }).toPass({ intervals: [50], timeout: 10_000 });
  /** Half pixels are rounded either way. */
  const off = async () => Math.abs((await bottom()) - atRest);
  for (const width of [420, 900, 380, 1_100, 640]) {
    await resize(width);
    await expect.poll(off).toBeLessThanOrEqual(2);
    await expect(jump).toBeHidden();
  }

  await app.page.getByTestId('timeline').hover();
  // As a wheel begins: less than what counts as the end, and not taken back before the next of it may come. Looked at in the page, because it does not last.
  const beginning = () =>
    app.page.getByTestId('timeline').evaluateHandle((frame) => {
      const fromEnd = () => frame.scrollHeight - frame.clientHeight - frame.scrollTop;
      const before = fromEnd();
      /**
       * Once the wheel was heard, from the frame on in which it is 3 px further up: whether it is in all frames of the next 400 ms, of which
       * one pixel may be rounded either way. Lost is what does not come in a second of frames: in one of the clock a machine that stalls
       * draws none.
       */
      const stays = new Promise<'stays' | 'taken back' | 'lost'>((resolve) => {
        const begins = (event: Event) => {
          let since: number | null = null;
          let frames = 0;
          const look = () => {
            frames++;
            const [now, by] = [performance.now(), Math.round(fromEnd() - before)];
            const there = Math.abs(by - 3) <= 1;
            if (since === null && there) since = now;
            if (since !== null && !there) resolve('taken back');
            else if (since !== null && now - since >= 400) resolve('stays');
            else if (since === null && frames > 60 && now - event.timeStamp >= 1_000) resolve('lost');
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        };
        frame.addEventListener('wheel', begins, { once: true, passive: true });
      });
      return { stays };
    });
  const begun = await beginning();
  await app.page.mouse.wheel(0, -3);
  const began = await bounded(
    'the wheel to begin',
    begun.evaluate(({ stays }) => stays),
  );
  expect(began).toBe('stays');
  await app.page.mouse.wheel(0, -400);
  await expect(jump).toBeVisible();
  for (const width of [420, 1_000]) {
    await resize(width);
    await expect(jump).toBeVisible();
  }
  await jump.click();
  await expect.poll(off).toBeLessThanOrEqual(2);
  await expect(jump).toBeHidden();
});

test('what one reads stays where it is to the pixel: while older messages load, others are changed, new ones come and the window changes', async ({
  talking,
  random,
}) => {
  const { app, account, peer, conv, user, other } = await talking();
  const ids: string[] = [];
  for (let i = 0; i < COUNT; i++) ids.push(peer.say(conv, `message ${i} ${'and so on '.repeat(i % 23)}`));
  await peer.drained();
  const nOf = (i: number) => peer.acked.get(ids[i]!)!.n!;
  await app.openConversation(conv);
  const list = app.page.getByTestId('timeline');
  // Where it was opened while much came, it begins at the first of it.
  const newest = app.page.getByTestId('new-messages');
  await expect(async () => {
    if (await newest.isVisible()) await newest.click({ timeout: 1_000 });
    await app.sees(`message ${COUNT - 1} `, 1_000);
  }).toPass({ timeout: 30_000 });
  await list.hover();
  for (let i = 0; i < 6; i++) await app.page.mouse.wheel(0, -700);
  await expect(app.page.getByTestId('new-messages')).toBeVisible();

  /** Tops of the rows that are wholly in view, from the upper edge of the list, by id; where none is, of those that begin in it. */
  const tops = async () =>
    new Map(
      await app.rows.evaluateAll((rows) => {
        const frame = document.querySelector('[data-testid="timeline"]')!.getBoundingClientRect();
        const begun = rows
          .map((row) => [row.getAttribute('data-message-id')!, row.getBoundingClientRect()] as const)
          .filter(([, box]) => box.top >= frame.top && box.top < frame.bottom);
        const whole = begun.filter(([, box]) => box.bottom <= frame.bottom);
        return (whole.length > 0 ? whole : begun).map(([id, box]) => [id, box.top - frame.top] as const);
      }),
    );
  /** How far the first row that was in view before has moved, px; settled. */
  const moved = async (before: Map<string, number>) => {
    const after = await tops();
    const [id] = [...before.keys()].filter((one) => after.has(one));
    return id === undefined
      ? Number.POSITIVE_INFINITY
      : Math.round(Math.abs(after.get(id)! - before.get(id)!));
  };
  /** Once nothing has moved for several frames: a wheel goes on for longer than the event. */
  const still = async () => {
    await list.evaluate(async (frame) => {
      const place = () => {
        const { top } = frame.getBoundingClientRect();
        const rows = [...frame.querySelectorAll('[data-testid="message-row"]')];
        return rows
          .map((row) => `${row.getAttribute('data-message-id')} ${row.getBoundingClientRect().top - top}`)
          .join();
      };
      let [before, same] = ['', 0];
      for (let frames = 0; same < 6 && frames < 600; frames++) {
        await new Promise(requestAnimationFrame);
        const now = place();
        same = now === before ? same + 1 : 0;
        before = now;
      }
    });
    return await tops();
  };

  // While one scrolls on and on, every row moves by what is scrolled and by nothing else, whatever the rows that come above turn out to be.
  const strayed = await list.evaluate(async (frame) => {
    const [step, frames] = [40, 90];
    const places = () =>
      new Map(
        [...frame.querySelectorAll('[data-testid="message-row"]')]
          .map((row) => [row.getAttribute('data-message-id'), row.getBoundingClientRect()] as const)
          .filter(([, { bottom, top }]) => bottom > 0 && top < innerHeight)
          .map(([id, { top }]) => [id, top] as const),
      );
    let [most, seen] = [0, 0];
    for (let i = 0; i < frames; i++) {
      const before = places();
      // At the first row one waits for older ones.
      const by = Math.min(step, frame.scrollTop);
      frame.scrollTop -= by;
      await new Promise(requestAnimationFrame);
      await new Promise((resolve) => setTimeout(resolve));
      for (const [id, top] of places()) {
        const from = before.get(id);
        if (from === undefined) continue;
        seen++;
        // A step that a page comes into may be taken back: a script scrolls where no person can.
        most = Math.max(most, Math.min(Math.abs(top - from - by), Math.abs(top - from)));
      }
    }
    return { most, seen };
  });
  expect(strayed.seen).toBeGreaterThan(300);
  // Scroll offsets are whole pixels and rows are not: where a page comes in in the middle of a step, a part of one may be left.
  expect(strayed.most).toBeLessThan(0.5);

  // Who turns to another conversation and back goes on where they were, also where a row above is changed while the list is still measured.
  const longer = (times: number) => ({ type: 'text/plain', text: `changed ${'and longer '.repeat(times)}` });
  for (let round = 0; round < 5; round++) {
    const left = await still();
    await app.page.getByTestId('conversation-row').filter({ hasText: 'Notes to self' }).click();
    await expect(app.rows).toHaveCount(0);
    await app.openConversation(conv);
    await expect.poll(() => moved(left)).toBe(0);
    const above = nOf(ids.indexOf([...left.keys()][0]!) - 1);
    const id = peer.append(conv, {
      kind: 'edit',
      id: `back-${round}`,
      target: above,
      body: longer(20 + 7 * round),
    });
    await until('the edit to be there', async () => {
      const { headN } = await app.timeline(conv);
      return headN >= (peer.acked.get(id)?.n ?? Number.POSITIVE_INFINITY);
    });
    await still();
    expect(await moved(left), `round ${round}`).toBe(0);
  }
  await expect(app.composer).toBeFocused();
  await list.hover();

  // Rows above and below the view are changed, and new ones come.
  const at = await still();
  const [top] = at.keys();
  const seen = ids.indexOf(top!);
  const long = { type: 'text/plain', text: `changed ${'and longer than it was '.repeat(40)}` };
  peer.append(conv, { kind: 'edit', id: 'e1', target: nOf(seen - 3), body: long });
  peer.append(conv, { kind: 'delete', id: 'd1', target: nOf(seen - 5) });
  peer.append(conv, {
    kind: 'reaction',
    id: 'r1',
    target: nOf(seen - 4),
    body: { type: 'text/plain', text: '👍' },
  });
  peer.append(conv, { kind: 'edit', id: 'e2', target: nOf(COUNT - 1), body: long });
  peer.say(conv, 'one more');
  await peer.drained();
  await until(
    'the app to have it all',
    async () => (await app.timeline(conv)).headN >= peer.acked.get('e2')!.n! + 1,
  );
  await still();
  expect(await moved(at)).toBe(0);

  // What comes meanwhile is counted.
  await expect(newest).toHaveText('1 new message');
  peer.say(conv, 'and one more');
  await expect(newest).toHaveText('2 new messages');
  expect(await moved(at)).toBe(0);

  // The row that the upper edge cuts becomes longer and shorter, by words, a picture of unknown size, a page, a reaction: what is below it stays.
  const cut = await list.evaluate((frame) => {
    const { top } = frame.getBoundingClientRect();
    const row = [...frame.querySelectorAll('[data-testid="message-row"]')].find((one) => {
      const box = one.getBoundingClientRect();
      return box.top >= top && box.height > 60;
    })!;
    const box = row.getBoundingClientRect();
    frame.scrollTop += box.top - top + box.height / 2;
    return row.getAttribute('data-message-id')!;
  });
  const held = await still();
  const inView = app.page.locator(`[data-message-id="${cut}"]`);
  const heightOf = async () => (await inView.boundingBox())!.height;
  /** A row that was measured is put right before it is painted, which is after it is there. */
  const drawn = () =>
    list.evaluate(() => new Promise((next) => requestAnimationFrame(() => setTimeout(next))));
  const rich = (content: object) => ({
    type: 'application/vnd.matchbook.message+json',
    text: JSON.stringify(content),
  });
  const file = { hash: 'a'.repeat(64), name: 'picture.png', type: 'image/png', size: 9 };
  const page = { url: 'https://example.org/', title: 'A page', description: 'of many words '.repeat(9) };
  const target = nOf(ids.indexOf(cut));
  for (const [id, body] of [
    ['cut-long', long],
    ['cut-picture', rich({ text: 'a picture', files: [file] })],
    ['cut-page', rich({ text: `a page ${'and so on '.repeat(30)}`, preview: page })],
  ] as const) {
    const height = await heightOf();
    peer.append(conv, { kind: 'edit', id, target, body });
    await expect.poll(heightOf).not.toBe(height);
    await drawn();
    expect(await moved(held), id).toBe(0);
  }
  const height = await heightOf();
  peer.append(conv, { kind: 'reaction', id: 'cut-r', target, body: { type: 'text/plain', text: '👍' } });
  await expect.poll(heightOf).toBeGreaterThan(height);
  await drawn();
  expect(await moved(held), 'a reaction').toBe(0);

  // Whatever happens around it, in whatever order: what was in view stays where it was through all of it.
  const through = await still();
  const whole = (from: number, to: number) => Math.floor(random.between(from, to));
  const words = (count: number) => ({ type: 'text/plain', text: 'and so on '.repeat(count) });
  for (let step = 0; step < STEPS; step++) {
    const id = `step-${step}`;
    // Of what was not deleted above.
    const near = nOf(Math.min(COUNT - 2, seen + whole(-4, 12)));
    const happens = [
      // Also so much that only its beginning is shown.
      () => peer.append(conv, { kind: 'edit', id, target: near, body: words(whole(1, 300)) }),
      () =>
        peer.append(conv, { kind: 'reaction', id, target: near, body: { type: 'text/plain', text: '🎉' } }),
      () => peer.append(conv, { kind: 'delete', id, target: nOf(seen - 20 - step) }),
    ];
    const sent = happens[whole(0, happens.length)]!();
    await peer.drained();
    await until(
      'the app to have it',
      async () => (await app.timeline(conv)).headN >= peer.acked.get(sent)!.n!,
    );
    await still();
    expect(await moved(through), `step ${step}`).toBe(0);
  }

  // Everything breaks anew: another size of type, other rows, another window.
  const setLook = (appearance: object) => app.call('settings.set', { appearance } as never);
  const width = () => list.evaluate((frame) => `${frame.scrollHeight}`);
  for (const change of [
    () => setLook({ fontSize: 120 }),
    () => setLook({ density: 'compact' }),
    () =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.isVisible())!
          .setContentSize(760, 700),
      ),
    () => setLook({ fontSize: 100, density: 'comfortable' }),
  ]) {
    const [at, long] = [await still(), await width()];
    await change();
    await expect.poll(width).not.toBe(long);
    await still();
    expect(await moved(at), String(change)).toBe(0);
  }
  await expect(newest).toBeVisible();

  // Older rows come in before what is in view: a screen further up each time, until there are none.
  for (let i = 0; i < 12; i++) {
    await list.hover();
    const from = await list.evaluate((frame) => frame.scrollTop);
    await app.page.mouse.wheel(0, -2_000);
    // A wheel that was turned is not heard at once.
    if (from > 0) await expect.poll(() => list.evaluate((frame) => frame.scrollTop)).not.toBe(from);
    const before = await still();
    await still();
    expect(await moved(before)).toBe(0);
  }

  // To a date, and to the newest.
  await app.page.getByTestId('tools-menu').click();
  await app.page.getByTestId('tools-date').click();
  // Which may have been yesterday by now. As a field for dates wants it.
  const { time } = peer.acked.get(ids[0]!)! as { time: number };
  await app.page.getByTestId('date-input').fill(new Date(time).toLocaleDateString('sv-SE'));
  await app.page.getByTestId('date-go').click();
  await expect(app.row('message 0 ')).toBeVisible();
  await expect(app.page.getByTestId('new-messages')).toBeVisible();
  await app.page.getByTestId('new-messages').click();
  await app.sees('and one more');
  await expect(newest).toBeHidden();
  await expect(app.composer).toBeFocused();
  // To where an answer points, and back to it.
  peer.append(conv, {
    ...{ kind: 'message', id: 'far' },
    body: { type: MESSAGE_TYPE, text: JSON.stringify({ text: 'as was said', reply: nOf(3) }) },
  });
  const origin = app.rows.and(app.page.locator(`[data-message-id="${ids[3]}"]`));
  await marked(origin, () => app.row('as was said').getByTestId('quote').click());
  await expect(app.row('as was said')).toHaveCount(0);
  await app.page.getByTestId('jump-back').click();
  await expect(app.row('as was said')).toBeInViewport();
  await expect(newest).toBeHidden();
  // What came while one read further up is new until one answers; what comes while one looks on is not.
  const line = app.page.getByTestId('unread-line');
  await app.say('seen');
  await expect(line).toBeHidden();
  peer.say(conv, 'seen coming');
  await app.sees('seen coming');
  await expect(line).toBeHidden();

  // By keys: up from one message to the next, to the first, and back to the newest.
  await list.focus();
  const focused = () =>
    app.page.evaluate(() => document.activeElement?.getAttribute('data-message-id') ?? '');
  await app.page.keyboard.press('ArrowUp');
  // A row takes the focus once it is drawn.
  await expect.poll(focused).not.toBe('');
  const upTo = async () => {
    await app.page.keyboard.press('ArrowUp');
    const at = ids.indexOf(await focused());
    return at >= 0 && at < COUNT - 4;
  };
  await expect.poll(upTo, { intervals: [50] }).toBe(true);
  await expect(newest).toBeVisible();
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByTestId('message-unread')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect.poll(focused).not.toBe('');
  await app.page.keyboard.press('Home');
  await expect(app.row('message 0 ')).toBeVisible();
  await list.focus();
  await app.page.keyboard.press('End');
  await app.sees('seen coming');
  await expect(newest).toBeHidden();

  // What is marked as unread stays so while it is shown; an answer ends it.
  await app.row('seen coming').getByTestId('message-menu').click();
  await app.page.getByTestId('message-unread').click();
  await expect(line).toBeVisible();
  const unread = async () => (await app.conversations()).find((row) => row.conv === conv)?.unread;
  await expect.poll(unread).toBe(1);
  await app.say('an answer');
  await expect(line).toBeHidden();
  await expect.poll(unread).toBe(0);

  // Where all there is fits into the view there is no way to the newest, also where it opens at what is new.
  const short = 'a-short-one';
  peer.append(short, { kind: 'create', id: 'short', form: 'group', members: [user, other.user] });
  peer.say(short, 'all there is');
  await peer.drained();
  const shortUnread = async () => (await app.conversations()).find((row) => row.conv === short)?.unread;
  for (const text of ['all there is', 'a second one']) {
    if (text !== 'all there is') {
      await app.page.getByTestId('conversation-row').filter({ hasText: 'Notes to self' }).click();
      await expect(app.rows).toHaveCount(0);
      peer.say(short, text);
      await peer.drained();
    }
    await app.openConversation(short);
    await app.sees(text);
    await expect(line).toBeVisible();
    await expect.poll(shortUnread).toBe(0);
    await expect(newest).toBeHidden();
  }

  // Of a few messages that are each higher than the view the first that is unread is at the top, not the end of the last.
  const few = 'few-and-tall';
  const members = [user, other.user];
  peer.append(few, { kind: 'create', id: 'few', form: 'group', members });
  const tall = (i: number) => `tall ${i} ${'a line of it\n'.repeat(25)}`;
  for (let i = 0; i < 3; i++) peer.say(few, tall(i));
  await peer.drained();
  const fewRow = async () => (await app.conversations()).find((row) => row.conv === few);
  await expect.poll(async () => (await fewRow())?.unread).toBe(3);
  await app.call('read.mark', { account, conv: few, n: 2 });
  await expect.poll(async () => (await fewRow())?.unread).toBe(2);
  await app.openConversation(few);
  await app.sees('tall 1');
  await still();
  const topOf = async (one: typeof line) => (await one.boundingBox())?.y ?? Number.NaN;
  await expect.poll(async () => Math.abs((await topOf(line)) - (await topOf(list)))).toBeLessThanOrEqual(2);
  // The end of neither was on screen: both are unread, also after more time than what counts as reading.
  await app.page.waitForTimeout(1_000);
  await expect(newest).toHaveText('2 new messages');
  expect((await fewRow())?.unread).toBe(2);
  await list.focus();
  await app.page.keyboard.press('End');
  await expect.poll(async () => (await fewRow())?.unread).toBe(0);
});
