import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { glanceAt } from './glance.ts';

const NONE = { bounds: null, theme: 'system', language: null };

it('tells what is needed at once, and nothing of what is not as expected', () => {
  const path = join(temporaryFolder(), 'settings.json');
  expect(glanceAt(path)).toEqual(NONE);
  const of = (settings: unknown) => {
    writeFileSync(path, typeof settings === 'string' ? settings : JSON.stringify(settings));
    return glanceAt(path);
  };
  const window = { width: 900, height: 700, x: 4, y: 8 };
  expect(of({ window, appearance: { theme: 'dark' }, language: { language: 'de' } })).toEqual({
    ...{ bounds: window, theme: 'dark', language: 'de' },
  });
  for (const bad of [
    ...['{', 'null', '7'],
    ...[
      { window: { width: 'wide' } },
      { appearance: { theme: 'pink' } },
      { language: { language: 'system' } },
    ],
    ...[{ language: { language: '../de' } }, { language: 'de' }, {}],
  ])
    expect(of(bad)).toEqual(NONE);
});
