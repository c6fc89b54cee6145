/** What a window loads before its first paint. Everything else comes when somebody opens it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { ROOT } from '../scripts/project.mjs';

const OUT = join(ROOT, 'out', 'renderer');
/** Of all scripts and styles of the first screen, gzipped, bytes. */
const LIMIT = 340_000;

/** The files of a page, and those that they import at once. */
function firstFiles(page: string): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith('.js')) return;
    const text = readFileSync(join(OUT, file), 'utf8');
    for (const match of text.matchAll(
      /(?:^|[;}\n])\s*(?:import|export)\s*(?:[^'"()]*?\bfrom\s*)?['"](\.[^'"]+)['"]/g,
    ))
      visit(normalize(join(dirname(file), match[1]!)));
  };
  const html = readFileSync(join(OUT, page), 'utf8');
  for (const match of html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g)) visit(match[1]!);
  return [...found];
}

test('the first screen is small, and languages, settings, lists of keys and colours of code come later', () => {
  const files = firstFiles('index.html');
  expect(files.length).toBeGreaterThan(2);
  const sizes = files.map((file) => ({ file, size: gzipSync(readFileSync(join(OUT, file))).length }));
  const sum = sizes.reduce((all, { size }) => all + size, 0);
  console.log(`first screen: ${(sum / 1_000).toFixed(0)} kB gzipped in ${files.length} files`);
  expect(sum, JSON.stringify(sizes)).toBeLessThan(LIMIT);
  for (const later of [
    'catalogue',
    'settings-dialog',
    'shortcuts-dialog',
    'licence-dialog',
    'people-dialogs',
    'info-pane',
    'highlight',
    'gallery',
  ])
    expect(
      files.filter((file) => file.startsWith(`assets/${later}-`)),
      later,
    ).toEqual([]);
  expect(readdirSync(join(OUT, 'assets')).some((file) => file.startsWith('settings-dialog-'))).toBe(true);
});
