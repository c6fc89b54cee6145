/**
 * The smoke run: the first start and the first message, through the real window as a person would, with the times that a person would feel.
 */
import type { WebContents } from 'electron';

const LIMIT = 90_000;
const STEP_LIMIT = 60_000;
const TEXT = 'Smoke test: one message through the whole path.';

export interface SmokeFigures {
  window: number;
  bubble: number;
  ack: number;
  saved: number;
}

/** The one line of the run. */
export function smokeLine({ window, bubble, ack, saved }: SmokeFigures): string {
  const ms = (figure: number) => `${Math.round(figure)} ms`;
  return `smoke: ok window=${ms(window)} bubble=${ms(bubble)} ack=${ms(ack)} saved=${ms(saved)}`;
}

/** @param launched wall clock ms at which the launch began */
export async function runSmoke(page: WebContents, launched: number): Promise<SmokeFigures> {
  return Promise.race([
    steps(page, launched),
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error(`not done within ${LIMIT / 1_000} s`)), LIMIT).unref();
    }),
  ]);
}

async function steps(page: WebContents, launched: number): Promise<SmokeFigures> {
  await waitFor(page, 'start-here');
  const window = Date.now() - launched;
  await click(page, 'start-here');
  await type(page, 'name-input', 'Smoke');
  await click(page, 'start-submit');
  await waitForEither(page, 'recovery-done', 'composer');
  if (await exists(page, 'recovery-done')) await click(page, 'recovery-done');
  await waitFor(page, 'composer');
  await type(page, 'composer', TEXT);
  // The listener stands before the key is pressed: input overtakes scripts.
  await page.executeJavaScript(LISTEN);
  page.sendInputEvent({ type: 'keyDown', keyCode: 'Enter' });
  page.sendInputEvent({ type: 'char', keyCode: '\r' });
  page.sendInputEvent({ type: 'keyUp', keyCode: 'Enter' });
  const measured = (await page.executeJavaScript(MEASURE(TEXT))) as Omit<SmokeFigures, 'window'> | string;
  if (typeof measured === 'string') throw new Error(measured);
  return { window, ...measured };
}

const LISTEN = `void (window.smokeKey = new Promise((resolve) =>
  addEventListener('keydown', (event) => { if (event.key === 'Enter') resolve(performance.now()); }, { capture: true })))`;

/** In the page: from the key to each sign that the person sees, as of the first frame after it. */
const MEASURE = (text: string) => `new Promise((resolve) => {
  const limit = setTimeout(() => resolve('the message was not ' + (ack ? 'saved' : bubble ? 'sent' : 'shown') + ' in time'), ${STEP_LIMIT});
  let start = 0, bubble = 0, ack = 0;
  window.smokeKey.then((at) => { start = at; });
  const look = () => {
    const row = [...document.querySelectorAll('[data-testid="message-row"]')].find((one) => one.textContent.includes(${JSON.stringify(text)}));
    const now = performance.now();
    if (start && row) {
      bubble ||= now - start;
      if (['sent', 'delivered', 'read'].includes(row.dataset.delivery)) ack ||= now - start;
      if (ack && row.dataset.save === 'saved') {
        clearTimeout(limit);
        return resolve({ bubble, ack, saved: now - start });
      }
    }
    requestAnimationFrame(look);
  };
  look();
})`;

const selector = (id: string) => JSON.stringify(`[data-testid="${id}"]`);

async function waitFor(page: WebContents, id: string): Promise<void> {
  await waitForEither(page, id, id);
}

async function waitForEither(page: WebContents, one: string, other: string): Promise<void> {
  const found = await page.executeJavaScript(`new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), ${STEP_LIMIT});
    const look = () => {
      if (!document.querySelector(${selector(one)}) && !document.querySelector(${selector(other)})) return requestAnimationFrame(look);
      clearTimeout(limit);
      resolve(true);
    };
    look();
  })`);
  if (!found) throw new Error(`the window never showed ${one}`);
}

const exists = (page: WebContents, id: string): Promise<boolean> =>
  page.executeJavaScript(`document.querySelector(${selector(id)}) !== null`);

async function click(page: WebContents, id: string): Promise<void> {
  await waitFor(page, id);
  await page.executeJavaScript(`document.querySelector(${selector(id)}).click()`);
}

async function type(page: WebContents, id: string, text: string): Promise<void> {
  await waitFor(page, id);
  page.focus();
  await page.executeJavaScript(`document.querySelector(${selector(id)}).focus()`);
  await page.insertText(text);
}
