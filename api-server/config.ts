/** The API server's configuration: environment variables `API_*`, one table. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

interface Key {
  type: 'text' | 'integer' | 'list' | 'file';
  default: string | null;
  text: string;
  min?: number;
  max?: number;
  oneOf?: readonly string[];
  pattern?: RegExp;
}

export const KEYS = {
  API_PORT: {
    type: 'integer',
    default: '8081',
    min: 0,
    max: 65_535,
    text: 'Port to listen on; 0 takes a free one.',
  },
  API_HOST: { type: 'text', default: '127.0.0.1', text: 'Address to listen on.' },
  API_DATA_DIR: {
    type: 'text',
    default: './data/api',
    text: 'Folder of the database and the keys; created if missing.',
  },
  API_DATABASE_URL: {
    type: 'text',
    default: '',
    pattern: /^(postgres(ql)?:\/\/\S+)?$/,
    text: 'PostgreSQL (15 or newer), postgres://user:password@host/database; without it, a SQLite file in the data folder.',
  },
  API_DATABASE_URL_FILE: {
    type: 'file',
    default: '',
    text: 'File that holds the address of the database, instead of it.',
  },
  API_LOCK_WAIT_MS: {
    type: 'integer',
    default: '10000',
    min: 0,
    max: 600_000,
    text: 'How long a start waits for another server of the same folder or database to end.',
  },
  API_RELAY_URL: {
    type: 'text',
    default: 'http://127.0.0.1:8080',
    pattern: /^https?:\/\/\S+$/,
    text: 'The relay, as this server reaches it (for /internal/append).',
  },
  API_RELAY_PUBLIC_URL: {
    type: 'text',
    default: 'ws://127.0.0.1:8080/ws',
    pattern: /^wss?:\/\/\S+$/,
    text: 'The relay, as clients reach it.',
  },
  API_FILES_DIR: {
    type: 'text',
    default: '',
    text: 'Folder of files; without it, "files" in the data folder. With S3 only uploads under way are here.',
  },
  API_FILE_BYTES: {
    type: 'integer',
    default: String(512 * 1024 * 1024),
    min: 1024,
    text: 'Bytes of the largest file.',
  },
  API_QUOTA_BYTES: {
    type: 'integer',
    default: String(10 * 1024 * 1024 * 1024),
    min: 1024,
    text: 'Bytes of all files of one person.',
  },
  API_FILE_TYPES_REFUSED: {
    type: 'list',
    default: '',
    text: 'Types of files that are not taken, by what is in them, by commas (application/zip,...).',
  },
  API_SCRUB_DAYS: {
    type: 'integer',
    default: '30',
    min: 0,
    max: 3_650,
    text: 'Days between two rounds that read every stored file and compare it with its name; 0: only when an admin asks.',
  },
  API_SCRUB_BYTES_PER_SECOND: {
    type: 'integer',
    default: String(8 * 1024 * 1024),
    min: 1024,
    text: 'How much such a round reads at most.',
  },
  API_S3_ENDPOINT: {
    type: 'text',
    default: '',
    pattern: /^(https?:\/\/\S+)?$/,
    text: 'S3-compatible store for files (https://host), used when set.',
  },
  API_S3_BUCKET: { type: 'text', default: '', text: 'Bucket there.' },
  API_S3_REGION: { type: 'text', default: 'us-east-1', text: 'Region there.' },
  API_S3_KEY_ID: { type: 'text', default: '', text: 'Access key there.' },
  API_S3_SECRET: { type: 'text', default: '', text: 'Secret of the access key.' },
  API_S3_SECRET_FILE: { type: 'file', default: '', text: 'File that holds the secret, instead of it.' },
  API_SERVICE_SECRET: {
    type: 'text',
    default: '',
    text: 'Secret shared with the relay, at least 32 characters.',
  },
  API_SERVICE_SECRET_FILE: {
    type: 'file',
    default: '',
    text: 'File that holds the service secret, instead of it.',
  },
  API_SERVER_NAME: { type: 'text', default: 'Matchbook', text: 'Name of this server, shown to people.' },
  API_REGISTRATION: {
    type: 'text',
    default: 'invitation',
    oneOf: ['open', 'invitation', 'closed'],
    text: 'Who may register: open, invitation or closed. The first account may always.',
  },
  API_FIRST_ACCOUNT_SECRET: {
    type: 'text',
    default: '',
    text: 'When set, the first registration must carry it as its invitation (43 characters of base64url).',
  },
  API_LINK_PREVIEWS: {
    type: 'text',
    default: 'on',
    oneOf: ['on', 'off'],
    text: 'Whether this server fetches pages of public web servers for previews; off when embedded.',
  },
  API_ORIGINS: {
    type: 'list',
    default: 'app://matchbook',
    text: 'Origins that browsers may call from, by commas.',
  },
  API_HOSTS: {
    type: 'list',
    default: '127.0.0.1,localhost,[::1]',
    text: 'Host names that requests may name, by commas; * for any (behind a proxy that checks).',
  },
  API_OIDC_ISSUER: {
    type: 'text',
    default: '',
    pattern: /^(https?:\/\/\S+)?$/,
    text: 'OpenID provider at which people sign in, used when set; whoever it lets in may register unless registration is closed.',
  },
  API_OIDC_NAME: { type: 'text', default: 'Single sign-on', text: 'Its name, shown to people.' },
  API_OIDC_CLIENT_ID: { type: 'text', default: '', text: 'This server there.' },
  API_OIDC_CLIENT_SECRET: { type: 'text', default: '', text: 'Its secret there; none for a public client.' },
  API_OIDC_CLIENT_SECRET_FILE: { type: 'file', default: '', text: 'File that holds it, instead.' },
  API_TRUST_PROXY: {
    type: 'list',
    default: '',
    text: 'Addresses of proxies whose X-Forwarded-For counts, by commas; without them, everybody behind a proxy shares its limits.',
  },
  API_ISSUER: { type: 'text', default: 'matchbook', text: 'Issuer of access tokens.' },
  API_ACCESS_TOKEN_SECONDS: {
    type: 'integer',
    default: '900',
    min: 5,
    max: 86_400,
    text: 'Life of an access token.',
  },
  API_LOG_LEVEL: {
    type: 'text',
    default: 'info',
    oneOf: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    text: 'Least severe log line that is written.',
  },
} as const satisfies Record<string, Key>;

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
  origins: string[];
  hosts: string[];
  trustProxy: string[];
  issuer: string;
  accessTokenSeconds: number;
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
      origins: list('API_ORIGINS'),
      trustProxy: list('API_TRUST_PROXY'),
      hosts: list('API_HOSTS'),
      issuer: text('API_ISSUER'),
      accessTokenSeconds: Number(text('API_ACCESS_TOKEN_SECONDS')),
      logLevel: text('API_LOG_LEVEL'),
    },
  };
}

/** As browsers send it (RFC 6454): lower case, without a path. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#*A-Z]+$/;

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

Exit codes: 0 stopped when asked to; 75 could not start (the message says why); 78 a setting is wrong; 1 anything else.
`;
}
