import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { help, readConfig } from './config.ts';

const SECRET = 's'.repeat(32);
const faultsOf = (env: Record<string, string>) => {
  const configured = readConfig({ RELAY_SERVICE_SECRET: SECRET, ...env });
  return configured.ok ? [] : configured.faults;
};

describe("the relay's settings", () => {
  it('have defaults for all but the secret', () => {
    expect(readConfig({ RELAY_SERVICE_SECRET: SECRET })).toMatchObject({
      ok: true,
      warnings: [],
      config: { RELAY_HOST: '127.0.0.1', RELAY_PORT: 8080, RELAY_API_URL: 'http://127.0.0.1:8081' },
    });
    expect(readConfig({})).toMatchObject({
      ok: false,
      faults: [expect.stringMatching(/^RELAY_SERVICE_SECRET: /)],
    });
  });

  it.each([
    ['RELAY_PORT', '65536'],
    ['RELAY_PORT', '-1'],
    ['RELAY_PORT', ''],
    ['RELAY_PORT', '80.5'],
    ['RELAY_API_URL', 'ftp://x'],
    ['RELAY_API_URL', 'http://user@x'],
    ['RELAY_LOG_LEVEL', 'loud'],
    ['RELAY_SERVICE_SECRET', 'short'],
    ['RELAY_SERVICE_SECRET_FILE', '/nowhere/at/all'],
    ['RELAY_FAILPOINT', 'anywhere:1'],
    ['RELAY_HEARTBEAT_MS', '1'],
  ])('that are wrong are named: %s=%s', (key, value) => {
    expect(faultsOf({ [key]: value })).toEqual([expect.stringMatching(new RegExp(`^${key}: .+`))]);
  });

  it('are all looked at before it gives up', () => {
    expect(faultsOf({ RELAY_PORT: 'x', RELAY_FRAME_BYTES: 'y' })).toHaveLength(2);
  });

  it('that are not known are warned about, and only those of the relay', () => {
    const configured = readConfig({
      RELAY_SERVICE_SECRET: SECRET,
      RELAY_PROT: '1',
      API_PORT: '2',
      HOME: '/',
    });
    expect(configured).toMatchObject({ ok: true, warnings: [expect.stringMatching(/^RELAY_PROT /)] });
  });

  it('take the secret from a file', () => {
    const file = join(tmpdir(), `matchbook-secret-${process.pid}`);
    writeFileSync(file, `${SECRET}\n`);
    expect(readConfig({ RELAY_SERVICE_SECRET_FILE: file })).toMatchObject({
      ok: true,
      config: { RELAY_SERVICE_SECRET: SECRET },
    });
  });

  const shown = (value: unknown): string => {
    if (typeof value === 'boolean') return value ? 'on' : 'off';
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
    const { perSecond, burst } = value as { perSecond: number; burst: number };
    return `${perSecond}/${burst}`;
  };

  it('are all in the help, with their defaults', () => {
    const configured = readConfig({ RELAY_SERVICE_SECRET: SECRET });
    if (!configured.ok) throw new Error('not configured');
    for (const [key, value] of Object.entries(configured.config)) {
      const [, about = ''] = help().split(`  ${key}\n`);
      const line = about.split('\n')[0];
      if (key !== 'RELAY_SERVICE_SECRET') expect(line).toContain(`Default: ${shown(value) || '(none)'}`);
    }
  });

  it('are all named in docs/operations.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/operations.md'), 'utf8');
    const keys = [...help().matchAll(/^ {2}(RELAY_\w+)$/gm)].map(([, key]) => key!);
    expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
  });

  it('whatever the environment holds: a configuration or named faults', () => {
    const keys = [...help().matchAll(/^ {2}(RELAY_\w+)$/gm)].map(([, key]) => key!);
    expect(keys.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.string(), fc.integer().map(String))),
        (env) => {
          for (const fault of faultsOf(env)) expect(fault).toMatch(/^RELAY_\w+: .+/);
        },
      ),
    );
  });
});
