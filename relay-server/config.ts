import { readFileSync } from 'node:fs';
import { LIMITS, RATES } from '@matchbook/protocol/limits';
import { FAILPOINTS, parseFailpoint } from './sequencer/failpoint.ts';
import type { Rate } from './sequencer/rates.ts';

/** Everything that can be set, in one table: the environment, `--help` and the checks are made from it. */
interface Key<T> {
  fallback: T;
  /** The value, or the word for what was expected. */
  read: (text: string) => { value: T } | { expected: string };
  text: string;
}

const text = (fallback: string, about: string): Key<string> => ({
  fallback,
  read: (value) => ({ value }),
  text: about,
});
const whole = (fallback: number, min: number, max: number, about: string): Key<number> => ({
  fallback,
  read: (value) => {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= min && number <= max
      ? { value: number }
      : { expected: `a whole number from ${min} to ${max}` };
  },
  text: about,
});
const list = (fallback: readonly string[], about: string): Key<readonly string[]> => ({
  fallback,
  read: (value) => ({
    value: value
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  }),
  text: about,
});
const oneOf = (fallback: string, values: readonly string[], about: string): Key<string> => ({
  fallback,
  read: (value) => (values.includes(value) ? { value } : { expected: `one of ${values.join(', ')}` }),
  text: about,
});
const onOff = (fallback: boolean, about: string): Key<boolean> => ({
  fallback,
  read: (value) => {
    const known = new Map([
      ['on', true],
      ['1', true],
      ['off', false],
      ['0', false],
    ]).get(value);
    return known === undefined ? { expected: 'on or off' } : { value: known };
  },
  text: about,
});
const rate = (fallback: Rate, about: string): Key<Rate> => ({
  fallback,
  read: (value) => {
    const [, perSecond, burst] = /^(\d{1,7})\/(\d{1,7})$/.exec(value) ?? [];
    return Number(perSecond) > 0 && Number(burst) > 0
      ? { value: { perSecond: Number(perSecond), burst: Number(burst) } }
      : { expected: 'a rate and a burst, such as 20/500' };
  },
  text: about,
});
const address = (fallback: string, about: string): Key<string> => ({
  fallback,
  read: (value) =>
    /^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(value)
      ? { value: value.replace(/\/$/, '') }
      : { expected: 'an http:// or https:// address' },
  text: about,
});

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const MINUTE = 60_000;

const KEYS = {
  RELAY_HOST: text('127.0.0.1', 'Address to listen on.'),
  RELAY_PORT: whole(8080, 0, 65_535, 'Port to listen on; 0 for any free one.'),
  RELAY_DATA_DIR: text('./data/relay', 'Folder of the log, its lock, the cached keys and the ticket key.'),
  RELAY_API_URL: address('http://127.0.0.1:8081', 'Base address of the API server.'),
  RELAY_SERVICE_SECRET: text('', 'Secret by which relay and API know each other, at least 32 characters.'),
  RELAY_SERVICE_SECRET_FILE: text('', 'File that holds the service secret, instead of the variable.'),
  RELAY_ISSUER: text('matchbook', 'Issuer that access tokens must name.'),
  RELAY_ORIGINS: list(['app://matchbook'], 'Origins that browsers may come from, separated by commas.'),
  RELAY_HOSTS: list(
    LOOPBACK,
    'Host names (without port) under which the relay answers, separated by commas.',
  ),
  RELAY_LOG_LEVEL: oneOf('info', ['silent', 'error', 'warn', 'info', 'debug'], 'What is logged, to stderr.'),
  RELAY_LOCK_WAIT_MS: whole(
    10_000,
    0,
    10 * MINUTE,
    'How long to wait for another process to give the log up.',
  ),
  RELAY_FRAME_BYTES: whole(LIMITS.frameBytes, 4_096, 16 << 20, 'Largest WebSocket message.'),
  RELAY_BODY_BYTES: whole(LIMITS.bodyBytes, 1, 8 << 20, 'Largest body of a message.'),
  RELAY_BATCH_ITEMS: whole(LIMITS.batchItems, 1, LIMITS.batchItems, 'Items in one append frame.'),
  RELAY_CREDIT_ENTRIES: whole(LIMITS.creditEntries, 1, 65_536, 'Items a device may have unconfirmed.'),
  RELAY_CREDIT_BYTES: whole(LIMITS.creditBytes, 4_096, 64 << 20, 'Bytes a device may have unconfirmed.'),
  RELAY_FAR_BEHIND_ENTRIES: whole(
    LIMITS.farBehindEntries,
    1,
    1_000_000,
    'Own entries behind which a device gets a snapshot.',
  ),
  RELAY_MEMBERS: whole(LIMITS.members, 2, LIMITS.members, 'Members of a conversation.'),
  RELAY_SOCKETS_PER_USER: whole(LIMITS.socketsPerUser, 1, 1_000, 'Connections of one user.'),
  RELAY_UNAUTHENTICATED_PER_ADDRESS: whole(
    LIMITS.unauthenticatedPerAddress,
    1,
    100_000,
    'Connections of one address that have not said hello.',
  ),
  RELAY_SOCKETS: whole(10_000, 1, 1_000_000, 'Connections in all.'),
  RELAY_HELLO_TIMEOUT_MS: whole(LIMITS.helloTimeout, 100, MINUTE, 'From the upgrade to a complete hello.'),
  RELAY_HEARTBEAT_MS: whole(LIMITS.heartbeatInterval, 100, MINUTE, 'Interval of heartbeats and pings.'),
  RELAY_SILENCE_MS: whole(
    LIMITS.silenceTimeout,
    200,
    10 * MINUTE,
    'After this long without a sign a peer is closed.',
  ),
  RELAY_CONFIRM_TIMEOUT_MS: whole(
    LIMITS.confirmTimeout,
    200,
    10 * MINUTE,
    'Without a confirm for this long, credit being used up, a peer is closed.',
  ),
  RELAY_RATE_USER: rate(RATES.user, 'Entries a second, and at once, from one user.'),
  RELAY_RATE_DEVICE: rate(RATES.device, 'The same for one device.'),
  RELAY_RATE_CONVERSATION: rate(RATES.conversation, 'The same into one conversation.'),
  RELAY_FRAMES_PER_SECOND: whole(
    200,
    1,
    1_000_000,
    'Frames a second from one connection, whatever is in them.',
  ),
  RELAY_FRAMES_BURST: whole(2_000, 1, 10_000_000, 'Frames at once from one connection.'),
  RELAY_TRUST_PROXY: list(
    [],
    'Addresses or networks (CIDR) of proxies whose X-Forwarded-For counts, separated by commas.',
  ),
  RELAY_COMPRESSION: onOff(
    false,
    'Offer permessage-deflate. It costs far more memory and time than it saves here.',
  ),
  RELAY_LEGACY: onOff(true, 'Serve clients of the first servers (sockets without a subprotocol).'),
  RELAY_ALLOW_ANONYMOUS_LEGACY: onOff(
    false,
    'Old clients without a token, on loopback only: to try them out.',
  ),
  RELAY_DRAIN_SPREAD_MS: whole(
    5_000,
    0,
    10 * MINUTE,
    'When it stops, clients are told to come back spread over this time.',
  ),
  RELAY_KEEP_DAYS: whole(7, 1, 36_500, 'Days for which saved entries stay in the log.'),
  RELAY_FAILPOINT: {
    fallback: '',
    read: (value) =>
      value === '' || parseFailpoint(value) ? { value } : { expected: `(${FAILPOINTS.join('|')}):COUNT` },
    text: 'For tests: kills the process (SIGKILL) when a place is reached for the COUNT-th time.',
  } satisfies Key<string>,
} as const;

type KeyName = keyof typeof KEYS;
export type Config = { readonly [K in KeyName]: (typeof KEYS)[K]['fallback'] };

export type Configured = { ok: true; config: Config; warnings: string[] } | { ok: false; faults: string[] };

/** Reads the environment; every fault names its key. */
export function readConfig(env: Record<string, string | undefined>): Configured {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(KEYS) as [KeyName, Key<unknown>][]) {
    const given = env[name];
    if (given === undefined) {
      values[name] = key.fallback;
      continue;
    }
    const result = key.read(given);
    if ('value' in result) values[name] = result.value;
    else faults.push(`${name}: expected ${result.expected}.`);
  }
  const file = values.RELAY_SERVICE_SECRET_FILE as string;
  if (file !== '') {
    try {
      values.RELAY_SERVICE_SECRET = readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(`RELAY_SERVICE_SECRET_FILE: ${(error as Error).message}.`);
    }
  }
  if ((values.RELAY_SERVICE_SECRET as string).length < 32)
    faults.push('RELAY_SERVICE_SECRET: at least 32 characters are needed (or RELAY_SERVICE_SECRET_FILE).');
  if (values.RELAY_ALLOW_ANONYMOUS_LEGACY && !/^(127\.|::1$|localhost$)/.test(values.RELAY_HOST as string))
    faults.push('RELAY_ALLOW_ANONYMOUS_LEGACY: only where RELAY_HOST is a loopback address.');
  if (faults.length > 0) return { ok: false, faults };
  const warnings = Object.keys(env)
    .filter((name) => name.startsWith('RELAY_') && !Object.hasOwn(KEYS, name))
    .map((name) => `${name} is not a setting of this relay and is ignored.`);
  return { ok: true, config: values as Config, warnings };
}

function show(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object' && value !== null && 'burst' in value) {
    const { perSecond, burst } = value as Rate;
    return `${perSecond}/${burst}`;
  }
  return String(value);
}

/** What `--help` prints. */
export function help(): string {
  const lines = (Object.entries(KEYS) as [KeyName, Key<unknown>][]).map(([name, key]) => {
    const shown = show(key.fallback);
    return `  ${name}\n      ${key.text} Default: ${shown === '' ? '(none)' : shown}`;
  });
  return `The relay of Matchbook. Settings come from the environment:

${lines.join('\n')}

Exit codes: 0 stopped when asked to; 64 a command that is not understood; 74 the disk failed, what is stored is read at the next start; 75 could not start (the message
says why, also when another process holds the log); 78 a setting is wrong; 1 anything else.
`;
}
