import { expect, it } from 'vitest';
import { LEGACY_TYPE, shownText } from './shown-text.ts';

it.each([
  [{ type: 'text/plain', text: 'hello' }, 'hello'],
  [{ type: 'text/plain; charset=utf-8', text: 'hello' }, 'hello'],
  [{ type: LEGACY_TYPE, text: '{"content":"hello","clientId":"c"}' }, 'hello'],
  [{ type: LEGACY_TYPE, text: '{"content":"","fileName":"a.png"}' }, 'a.png'],
  [{ type: LEGACY_TYPE, text: '{"content":""}' }, null],
  [{ type: LEGACY_TYPE, text: 'broken' }, null],
  [{ type: 'text/html', text: '<b>' }, null],
  [{ type: 'image/png', data: 'AAEC' }, null],
])('of %j a person reads %j', (body, text) => {
  expect(shownText(body)).toBe(text);
});
