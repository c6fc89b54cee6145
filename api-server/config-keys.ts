import { LIMITS, RATES } from '@matchbook/protocol/limits';

/** What can be set of the API server: environment variables `API_*`, one table. */
export interface Key {
  type: 'text' | 'integer' | 'list' | 'file' | 'rate';
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
  API_LINK_PREVIEW_HOSTS: {
    type: 'list',
    default: '',
    text: 'Hosts with their ports (wiki.internal:443), by commas, of which previews are made though they are not of the public web: everybody with an account sees titles of their pages.',
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
    max: LIMITS.accessTokenLongest / 1_000,
    text: 'Life of an access token.',
  },
  API_RATE_USER: {
    type: 'rate',
    default: `${RATES.requests.perSecond}/${RATES.requests.burst}`,
    text: 'Requests a second, and at once, from one user, all devices together.',
  },
  API_LOG_LEVEL: {
    type: 'text',
    default: 'info',
    oneOf: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    text: 'Least severe log line that is written.',
  },
} as const satisfies Record<string, Key>;
