/** The API server's configuration, read from the environment: all that is wrong is said at once, by name. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { KEYS, type Key } from './config-keys.ts';

export interface Config {
  port: number;
  host: string;
  dataDir: string;
  /** Null: SQLite in the data folder. */
  databaseUrl: string | null;
  filesDir: string;
  /** For another server of the same to end, ms. */
  lockWait: number;
  fileBytes: number;
  quotaBytes: number;
  fileTypesRefused: string[];
  /** 0: never by itself. */
  scrubDays: number;
  /** Bytes a second. */
  scrubRate: number;
  s3: { endpoint: string; bucket: string; region: string; keyId: string; secret: string } | null;
  relayUrl: string;
  relayPublicUrl: string;
  serviceSecret: string;
  serverName: string;
  registration: 'open' | 'invitation' | 'closed';
  firstAccountSecret: string | null;
  oidc: { issuer: string; name: string; clientId: string; clientSecret: string | null } | null;
  previews: boolean;
  /** `name:port`, outside the public web. */
  previewHosts: readonly string[];
  origins: string[];
  hosts: string[];
  trustProxy: string[];
  issuer: string;
  accessTokenSeconds: number;
  /** Requests of one user. */
  rateUser: { perSecond: number; burst: number };
  logLevel: string;
}

export interface Parsed {
  config: Config | null;
  errors: string[];
  warnings: string[];
}

const SECRET_LENGTH = 32;

export function parseConfig(env: NodeJS.ProcessEnv): Parsed {
  const errors: string[] = [];
  const values = new Map<string, string>();
  for (const [name, key] of Object.entries(KEYS) as [string, Key][]) {
    const given = env[name];
    const value = given === undefined || given === '' ? (key.default ?? '') : given;
    const fault = faultOf(key, value);
    if (fault) errors.push(`${name}: ${fault}`);
    values.set(name, value);
  }
  const warnings = Object.keys(env)
    .filter((name) => name.startsWith('API_') && !(name in KEYS))
    .map((name) => `${name} is not known; see --help.`);
  const text = (name: keyof typeof KEYS) => values.get(name)!;
  const list = (name: keyof typeof KEYS) =>
    text(name)
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  /** Null where the file cannot be read, which is told. */
  const orFile = (
    name: 'API_SERVICE_SECRET' | 'API_DATABASE_URL' | 'API_S3_SECRET' | 'API_OIDC_CLIENT_SECRET',
  ): string | null => {
    const file = text(`${name}_FILE`);
    if (!file) return text(name);
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      errors.push(`${name}_FILE: ${(error as Error).message}`);
      return null;
    }
  };
  const serviceSecret = orFile('API_SERVICE_SECRET');
  const databaseUrl = orFile('API_DATABASE_URL');
  const s3Secret = orFile('API_S3_SECRET');
  if (text('API_S3_ENDPOINT')) {
    for (const name of ['API_S3_BUCKET', 'API_S3_KEY_ID'] as const)
      if (!text(name)) errors.push(`${name}: needed with API_S3_ENDPOINT.`);
  } else {
    for (const name of ['API_S3_BUCKET', 'API_S3_KEY_ID', 'API_S3_SECRET', 'API_S3_SECRET_FILE'] as const)
      if (text(name)) errors.push(`${name}: nothing without API_S3_ENDPOINT; files would be on the disk.`);
  }
  const oidcSecret = orFile('API_OIDC_CLIENT_SECRET');
  if (text('API_OIDC_ISSUER') && !text('API_OIDC_CLIENT_ID'))
    errors.push('API_OIDC_CLIENT_ID: needed with API_OIDC_ISSUER.');
  const notPostgres = databaseUrl === null ? null : faultOf(KEYS.API_DATABASE_URL, databaseUrl);
  if (notPostgres && !errors.some((line) => line.startsWith('API_DATABASE_URL')))
    errors.push(`API_DATABASE_URL_FILE: ${notPostgres}`);
  for (const proxy of list('API_TRUST_PROXY'))
    if (!isNetwork(proxy)) errors.push(`API_TRUST_PROXY: "${proxy}" is no address and no network (CIDR).`);
  for (const host of list('API_LINK_PREVIEW_HOSTS'))
    if (!HOST_AND_PORT.test(host))
      errors.push(`API_LINK_PREVIEW_HOSTS: "${host}" is no host with its port (wiki.internal:443).`);
  for (const origin of list('API_ORIGINS'))
    if (!ORIGIN.test(origin))
      errors.push(`API_ORIGINS: "${origin}" is no origin: scheme, host and port, and nothing behind them.`);
  if (serviceSecret !== null && serviceSecret.length < SECRET_LENGTH)
    errors.push(`API_SERVICE_SECRET: at least ${SECRET_LENGTH} characters, the same as the relay's.`);
  if (errors.length > 0) return { config: null, errors, warnings };
  return {
    errors,
    warnings,
    config: {
      port: Number(text('API_PORT')),
      host: text('API_HOST'),
      dataDir: text('API_DATA_DIR'),
      databaseUrl: databaseUrl || null,
      filesDir: text('API_FILES_DIR') || join(text('API_DATA_DIR'), 'files'),
      lockWait: Number(text('API_LOCK_WAIT_MS')),
      fileBytes: Number(text('API_FILE_BYTES')),
      quotaBytes: Number(text('API_QUOTA_BYTES')),
      fileTypesRefused: list('API_FILE_TYPES_REFUSED'),
      scrubDays: Number(text('API_SCRUB_DAYS')),
      scrubRate: Number(text('API_SCRUB_BYTES_PER_SECOND')),
      s3: text('API_S3_ENDPOINT')
        ? {
            endpoint: text('API_S3_ENDPOINT'),
            bucket: text('API_S3_BUCKET'),
            region: text('API_S3_REGION'),
            keyId: text('API_S3_KEY_ID'),
            secret: s3Secret!,
          }
        : null,
      relayUrl: text('API_RELAY_URL').replace(/\/+$/, ''),
      relayPublicUrl: text('API_RELAY_PUBLIC_URL'),
      serviceSecret: serviceSecret!,
      serverName: text('API_SERVER_NAME'),
      registration: text('API_REGISTRATION') as Config['registration'],
      firstAccountSecret: text('API_FIRST_ACCOUNT_SECRET') || null,
      oidc: text('API_OIDC_ISSUER')
        ? {
            issuer: text('API_OIDC_ISSUER'),
            name: text('API_OIDC_NAME'),
            clientId: text('API_OIDC_CLIENT_ID'),
            clientSecret: oidcSecret || null,
          }
        : null,
      previews: text('API_LINK_PREVIEWS') === 'on',
      previewHosts: list('API_LINK_PREVIEW_HOSTS'),
      origins: list('API_ORIGINS'),
      trustProxy: list('API_TRUST_PROXY'),
      hosts: list('API_HOSTS'),
      issuer: text('API_ISSUER'),
      accessTokenSeconds: Number(text('API_ACCESS_TOKEN_SECONDS')),
      rateUser: rateOf(text('API_RATE_USER')),
      logLevel: text('API_LOG_LEVEL'),
    },
  };
}

/** Neither is nothing. */
const RATE = /^([1-9]\d{0,6})\/([1-9]\d{0,6})$/;

function rateOf(text: string): Config['rateUser'] {
  const [, perSecond, burst] = RATE.exec(text) ?? [];
  return { perSecond: Number(perSecond), burst: Number(burst) };
}

/** As browsers send it (RFC 6454): lower case, without a path. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#*A-Z]+$/;
/** As a URL has it: small letters, an IPv6 address in brackets. */
const HOST_AND_PORT = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/;

/** Names of networks that express knows. */
const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  if (family === 0) return bits === undefined && NETWORKS.has(text);
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

function faultOf(key: Key, value: string): string | null {
  if (key.type === 'integer') {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) return `"${value}" is not a whole number.`;
    if (key.min !== undefined && number < key.min) return `at least ${key.min}.`;
    if (key.max !== undefined && number > key.max) return `at most ${key.max}.`;
  }
  if (key.type === 'rate' && !RATE.test(value))
    return `"${value}" is not a rate and a burst, such as ${key.default}.`;
  if (key.oneOf && !key.oneOf.includes(value)) return `one of ${key.oneOf.join(', ')}.`;
  // The value may hold a password.
  if (key.pattern && !key.pattern.test(value)) return 'this does not look like an address.';
  return null;
}

export function help(): string {
  const rows = (Object.entries(KEYS) as [string, Key][]).map(
    ([name, key]) => `  ${name}\n      ${key.text} Default: ${key.default || '(none)'}`,
  );
  return `The API server of Matchbook. Settings come from the environment:

${rows.join('\n')}

Exit codes: 0 stopped when asked to; 64 a command that is not understood; 75 could not start (the message says why); 78 a setting is wrong; 1 anything else.
`;
}
