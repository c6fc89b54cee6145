import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { Secrets, UnreadableSecret } from './secrets.ts';

function stage() {
  const folder = join(temporaryFolder(), 'secrets');
  const keyring = new TestKeyring();
  return { folder, keyring, secrets: new Secrets(folder, keyring) };
}

describe('secrets', () => {
  it('lie sealed where there is a keyring', async () => {
    const { folder, secrets } = stage();
    expect(secrets.sealed).toBe(true);
    await secrets.write('one', { secret: 'canary' });
    expect(readFileSync(join(folder, 'one'), 'utf8')).not.toContain('canary');
    expect(await secrets.read('one')).toEqual({ secret: 'canary' });
    expect(await secrets.read('other')).toBeNull();
  });

  it.each([
    ['no keyring', { available: false }],
    ['a key that everybody knows', { backend: 'basic_text' }],
  ])('lie in a file that only the user can read where there is %s', async (_what, lack) => {
    const { folder, keyring, secrets } = stage();
    Object.assign(keyring, lack);
    expect(secrets.sealed).toBe(false);
    await secrets.write('one', { secret: 'x' });
    expect(await secrets.read('one')).toEqual({ secret: 'x' });
    if (process.platform !== 'win32') {
      expect(statSync(join(folder, 'one')).mode & 0o777).toBe(0o600);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
  });

  it('written without a keyring are read after one came, and sealed with the next write', async () => {
    const { folder, keyring, secrets } = stage();
    keyring.available = false;
    await secrets.write('one', { secret: 'canary' });
    keyring.available = true;
    expect(await secrets.read('one')).toEqual({ secret: 'canary' });
    await secrets.write('one', { secret: 'canary' });
    expect(readFileSync(join(folder, 'one'), 'utf8')).not.toContain('canary');
  });

  it('whose keyring is lost, locked or replaced are unreadable, not missing; and readable again with it', async () => {
    const { keyring, secrets } = stage();
    await secrets.write('one', { secret: 'x' });
    keyring.key = 'k2';
    await expect(secrets.read('one')).rejects.toThrow(UnreadableSecret);
    keyring.key = 'k1';
    keyring.available = false;
    await expect(secrets.read('one')).rejects.toThrow(UnreadableSecret);
    keyring.available = true;
    expect(await secrets.read('one')).toEqual({ secret: 'x' });
  });

  it('set aside make room for a new one and are still there', async () => {
    const { folder, secrets } = stage();
    await secrets.write('one', { secret: 'old' });
    await secrets.setAside('one');
    expect(await secrets.read('one')).toBeNull();
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^one\.unreadable-/)]);
  });

  it('that are damaged are unreadable', async () => {
    const { folder, secrets } = stage();
    mkdirSync(folder);
    for (const content of ['', 'sealed:', 'plain:{', 'other:x', '\0']) {
      writeFileSync(join(folder, 'one'), content);
      await expect(secrets.read('one')).rejects.toThrow(UnreadableSecret);
    }
  });

  it('have plain names', async () => {
    const { secrets } = stage();
    for (const name of ['', '../settings.json', 'a/b', '..', 'a\0', 'x'.repeat(81)])
      await expect(secrets.read(name)).rejects.toThrow(RangeError);
  });
});
