import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceleratorOf, SHORTCUTS, type ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import { describe, expect, it } from 'vitest';
import { isPressed, keysForReaders, keysText } from './keys.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

const press = (key: string, modifiers: Partial<KeyboardEvent> = {}, code = '') => ({
  ...{ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...modifiers,
});

describe('the table of shortcuts', () => {
  it('has no key that nobody hears', () => {
    // Also where the call is broken into lines; tests are no part of the app.
    const files = execFileSync(
      'git',
      ['grep', '-l', 'useShortcut(', '--', 'renderer/ui/*.tsx', ':!*.test.tsx'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    const sources = files
      .split('\n')
      .filter(Boolean)
      .map((file) => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n');
    const heard = new Set([...sources.matchAll(/useShortcut\(\s*'(\w+)'/g)].map(([, id]) => id));
    const everywhere = Object.entries(SHORTCUTS).flatMap(([id, shortcut]) =>
      'local' in shortcut ? [] : [id],
    );
    expect(everywhere.filter((id) => !heard.has(id))).toEqual([]);
    expect(heard.has('nothing')).toBe(false);
  });

  it('has each combination once where it is heard everywhere', () => {
    const keys = Object.entries(SHORTCUTS).flatMap(([, shortcut]) =>
      'local' in shortcut ? [] : [shortcut.keys],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is written as each platform writes it', () => {
    expect(keysText('searchEverywhere', 'linux')).toBe('Ctrl+Shift+F');
    expect(keysText('searchEverywhere', 'darwin')).toBe('⇧⌘F');
    expect(keysText('nextUnread', 'win32')).toBe('Alt+Shift+↓');
    expect(keysForReaders('settings', 'darwin')).toBe('Meta+,');
    expect(acceleratorOf('nextUnread')).toBe('Alt+Shift+Down');
    expect(acceleratorOf('switcher')).toBe('CommandOrControl+K');
  });

  it.each<[ShortcutId, ReturnType<typeof press>, 'linux' | 'darwin', boolean]>([
    ['switcher', press('k', { ctrlKey: true }), 'linux', true],
    ['switcher', press('K', { ctrlKey: true }), 'linux', true],
    ['switcher', press('k', { metaKey: true }), 'darwin', true],
    ['switcher', press('k', { ctrlKey: true }), 'darwin', false],
    ['switcher', press('k', { ctrlKey: true, shiftKey: true }), 'linux', false],
    ['switcher', press('k', { ctrlKey: true, altKey: true }), 'linux', false],
    // A keyboard without Latin letters: by place. One with them: by letter alone.
    ['switcher', press('ن', { ctrlKey: true }, 'KeyK'), 'linux', true],
    ['switcher', press('t', { ctrlKey: true }, 'KeyK'), 'linux', false],
    // On a German keyboard the slash needs Shift.
    ['shortcuts', press('/', { ctrlKey: true, shiftKey: true }, 'Digit7'), 'linux', true],
    ['next', press('ArrowDown', { altKey: true }), 'linux', true],
    ['next', press('ArrowDown', { altKey: true, shiftKey: true }), 'linux', false],
    ['nextUnread', press('ArrowDown', { altKey: true, shiftKey: true }), 'linux', true],
    ['settings', press(',', { ctrlKey: true }), 'linux', true],
    ['settings', press(',', {}), 'linux', false],
  ])('%s by %j on %s: %s', (id, event, platform, expected) => {
    expect(isPressed(id, event, platform)).toBe(expected);
  });
});
