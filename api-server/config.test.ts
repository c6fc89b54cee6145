import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { help, parseConfig } from './config.ts';
import { KEYS } from './config-keys.ts';

const SECRET = 's'.repeat(32);
const errorsOf = (env: Record<string, string>) => parseConfig({ API_SERVICE_SECRET: SECRET, ...env }).errors;

describe("the API server's settings", () => {
  it("have defaults for all but the secret, and they fit the relay's", () => {
    expect(parseConfig({ API_SERVICE_SECRET: SECRET })).toMatchObject({
      errors: [],
      warnings: [],
      config: {
        host: '127.0.0.1',
        port: 8081,
        relayPublicUrl: 'ws://127.0.0.1:8080/ws',
        registration: 'invitation',
      },
    });
    expect(parseConfig({})).toMatchObject({
      config: null,
      errors: [expect.stringMatching(/^API_SERVICE_SECRET: /)],
    });
  });

  it.each([
    ['API_PORT', '65536'],
    ['API_PORT', 'eighty'],
    ['API_RELAY_URL', 'relay'],
    ['API_RELAY_PUBLIC_URL', 'http://x'],
    ['API_REGISTRATION', 'sometimes'],
    ['API_ACCESS_TOKEN_SECONDS', '1'],
    ['API_RATE_USER', '20'],
    ['API_RATE_USER', '0/5'],
    ['API_LOG_LEVEL', 'loud'],
    ['API_TRUST_PROXY', '10.0.0.1,bogus'],
    ['API_TRUST_PROXY', '10.0.0.0/33'],
    ['API_ORIGINS', '*'],
    ['API_ORIGINS', 'https://chat.example/'],
    ['API_LINK_PREVIEW_HOSTS', 'wiki.internal'],
    ['API_LINK_PREVIEW_HOSTS', 'https://wiki.internal:443'],
    ['API_S3_BUCKET', 'files'],
    ['API_SERVICE_SECRET_FILE', '/nowhere/at/all'],
  ])('that are wrong are named: %s=%s', (key, value) => {
    expect(errorsOf({ [key]: value })).toEqual([expect.stringMatching(new RegExp(`^${key}: .+`))]);
  });

  it('that are not known are warned about, and only those of the API', () => {
    const { warnings } = parseConfig({ API_SERVICE_SECRET: SECRET, API_PROT: '1', RELAY_PORT: '2' });
    expect(warnings).toEqual([expect.stringMatching(/^API_PROT /)]);
  });

  it('are all in the help, with their defaults', () => {
    for (const [key, { default: value }] of Object.entries(KEYS)) {
      const [, about = ''] = help().split(`  ${key}\n`);
      expect(about.split('\n')[0]).toContain(`Default: ${value || '(none)'}`);
    }
  });

  it('are all named in docs/operations.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/operations.md'), 'utf8');
    const named = (key: string) => new RegExp(`\\b${key}\\b`).test(page);
    expect(Object.keys(KEYS).filter((key) => !named(key))).toEqual([]);
  });

  it('whatever the environment holds: a configuration or named errors', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(KEYS)), fc.string()), (env) => {
        for (const error of errorsOf(env)) expect(error).toMatch(/^API_\w+: .+/);
      }),
    );
  });
});
