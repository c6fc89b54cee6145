/** The rooms of this folder put together: what the rest of main knows of accounts. */
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import { LocalError } from '../bridge/local-failure.ts';
import type { ApiClient } from '../network/api-client.ts';
import type { Secrets } from '../profile/secrets.ts';
import type { SettingsStore } from '../profile/settings.ts';
import type { CertificatePins } from '../trust/certificate-pins.ts';
import { AccountList, type ReadyAccount } from './account-list.ts';
import { BrowserSignIn } from './browser-sign-in.ts';
import { MovedRelay } from './moved-relay.ts';
import { OwnAccount } from './own-account.ts';
import { Registrations } from './registrations.ts';
import { ServerRequests } from './server-requests.ts';
import { SignIns } from './sign-in.ts';
import { SignOuts } from './sign-out.ts';
import { AccessTokens } from './tokens.ts';
import { untilServes } from './until-serves.ts';

export interface AccountPartsOptions {
  settings: SettingsStore;
  secrets: Secrets;
  api: ApiClient;
  deviceName: string;
  /** Starts the embedded servers where they do not run, and answers where the API is and what its first account must show. */
  startEmbedded(name: string | null): Promise<{ api: string; firstAccountSecret: string }>;
  pins: Pick<CertificatePins, 'expect' | 'of'>;
  /** How others reach the embedded servers; null where they do not. */
  letIn(): ServerAddress | null;
  /** A new account is ready: its store is opened, its conversations are made known, it connects. */
  adopted(account: ReadyAccount, inviter: { user: string; name: string } | null): Promise<void>;
  introduced(account: string, peer: { user: string; name: string }): Promise<void>;
  /** It may try to connect, again or as another device. */
  resumed(account: string): Promise<void>;
  /** Its server is at another address. */
  moved(account: string): void;
  /** It connects no more. */
  stopped(account: string): void;
  erase(account: ReadyAccount): Promise<void>;
  openInBrowser(url: string): Promise<void>;
  changed(): void;
  log(line: string): void;
  now(): number;
  uptime(): number;
  sleep(ms: number): Promise<void>;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export function accountParts(options: AccountPartsOptions) {
  const { settings, secrets, api, pins, changed, log, now, setTimer } = options;
  const list = new AccountList({ settings, secrets, deviceName: options.deviceName, changed });
  /** Another copy of the profile goes on with the account: this one stops, and says so until the person has decided. */
  const elsewhere = (account: string) => {
    if (list.standing(account) !== 'active') return;
    list
      .update(account, { standing: 'elsewhere' })
      .then(() => options.stopped(account))
      .catch((error: unknown) => log(`accounts: ${error}`));
  };
  const tokens = new AccessTokens(api, secrets, now, elsewhere);
  const reachedAt = ({ api, pin, embedded }: ReadyAccount): ServerAddress =>
    (embedded ? options.letIn() : null) ?? { api, pin };
  const expect = (server: ServerAddress) => {
    if (!pins.expect(server))
      throw new LocalError(
        'certificate_other_key',
        'An account of this computer is on a server at that host, which is known otherwise.',
        { field: 'server' },
      );
  };
  const registrations = new Registrations({
    ...{ settings, secrets, api, tokens, list, changed },
    startEmbedded: options.startEmbedded,
    adopted: options.adopted,
    recovered: options.resumed,
    expect,
    reachedAt,
    moved: options.moved,
    sleep: options.sleep,
  });
  const signOuts = new SignOuts({
    ...{ settings, secrets, api, tokens, list, now, setTimer, log },
    stopped: (account) => {
      registrations.forget(account);
      options.stopped(account);
    },
    erase: options.erase,
  });
  const signIns = new SignIns({
    ...{ api, secrets, tokens, list, signOuts, expect },
    pinOf: (server) => pins.of(server),
    browser: new BrowserSignIn({ api, open: options.openInBrowser, setTimer }),
    serve: async () => untilServes(api, (await options.startEmbedded(null)).api, options.sleep),
    adopted: (account) => options.adopted(account, null),
    resumed: options.resumed,
  });
  const movedRelay = new MovedRelay({ list, api, moved: options.moved, uptime: options.uptime, log });
  const server = new ServerRequests({ api, tokens, list });
  const own = new OwnAccount({ server, list, introduced: options.introduced });
  return { list, tokens, server, registrations, signIns, signOuts, own, elsewhere, reachedAt, movedRelay };
}

export type AccountParts = ReturnType<typeof accountParts>;
