/** The rooms of this folder put together: what the rest of main knows of files. */
import { join } from 'node:path';
import type { Saving, Transfer } from '@matchbook/protocol/bridge/files';
import { ServerInfo } from '@matchbook/protocol/http/accounts';
import { FileRoom } from '@matchbook/protocol/http/files';
import type { AccountList } from '../accounts/account-list.ts';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { ApiClient } from '../network/api-client.ts';
import { Avatars } from './avatars.ts';
import { Downloads } from './downloads.ts';
import { FileServer } from './file-server.ts';
import { Previews } from './previews.ts';
import { Recordings } from './recordings.ts';
import { Saves } from './saves.ts';
import { Shelf } from './shelf.ts';
import { Tray } from './tray.ts';
import { Uploads } from './uploads.ts';

/** How long a server's limit holds, ms; and bytes where no server says one. */
const LIMIT_HOLDS = 10 * 60_000;
const NO_LIMIT = 1024 ** 4;

export interface FilePartsOptions {
  /** Folder that has one folder an account. */
  directory: string;
  accounts: Pick<AccountList, 'get' | 'ready' | 'tokenAccount'>;
  requests: ServerRequests;
  api: ApiClient;
  store: LocalStore;
  /** Bytes that copies of what servers have may take here. */
  limit(): number;
  transfersChanged(account: string, transfers: Transfer[]): void;
  savingChanged(saving: Saving): void;
  trayChanged(address: { account: string; conv: string }): void;
  /** A file of trays was damaged, and is there now. */
  traySetAside(place: string): void;
  reveal(path: string): void;
  newId(): string;
  now(): number;
  clock(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
  setTimer(work: () => void, delay: number): { cancel(): void };
  log(line: string): void;
}

export function fileParts(options: FilePartsOptions) {
  const { accounts, requests, api, store, now, log } = options;
  const shelf = new Shelf({ directory: options.directory, limit: options.limit, now, log });
  const server = new FileServer(requests);
  const downloads = new Downloads({ shelf, server, sleep: options.sleep });
  const trays = new Map<string, Tray>();
  const tray = (account: string): Tray => {
    accounts.get(account);
    const open =
      trays.get(account) ??
      new Tray(join(options.directory, account, 'files', 'tray.json'), {
        newId: options.newId,
        setAside: options.traySetAside,
      });
    trays.set(account, open);
    return open;
  };
  const uploads = new Uploads({
    ...{ store, shelf, server, now, log },
    inTrays: (account) => tray(account).hashes(),
    changed: options.transfersChanged,
    ...{ clock: options.clock, random: options.random, setTimer: options.setTimer },
  });
  const recordings = new Recordings({
    ...{ directory: options.directory, shelf, tray, trayChanged: options.trayChanged, log },
  });
  const saves = new Saves({
    ...{ downloads, changed: options.savingChanged, newId: options.newId, reveal: options.reveal },
  });
  const avatars = new Avatars({ requests, server, shelf, clock: options.clock });
  const previews = new Previews(requests);
  const limits = new Map<string, { bytes: number; until: number }>();
  return {
    ...{ shelf, server, downloads, uploads, saves, avatars, previews, tray, recordings },
    mustBeOpen: (account: string) => void accounts.get(account),
    isOpen: (account: string): boolean => accounts.ready().some((one) => one.account === account),
    /** Bytes that one's files may take at the account's server, and that are left of them by now; null where it cannot be asked, or does not say. */
    roomOf: async (account: string): Promise<{ most: number; left: number } | null> => {
      // Without a connection there may be no token either: what is chosen is taken all the same.
      const room = await requests.get(account, '/api/files/room', FileRoom).catch(() => null);
      if (!room) return null;
      const coming = uploads.transfers(account).reduce((sum, { size, sent }) => sum + size - sent, 0);
      return { most: room.most, left: room.most - room.used - coming - (await tray(account).bytes()) };
    },
    /** Bytes of the largest file that the account's server takes; as many as one likes where it cannot be asked now. */
    limitOf: async (account: string): Promise<number> => {
      const known = limits.get(account);
      if (known && known.until > now()) return known.bytes;
      const info = await api.get(requests.base(account), '/api/server', ServerInfo).catch(() => null);
      const bytes = info?.fileBytes ?? known?.bytes ?? NO_LIMIT;
      if (info) limits.set(account, { bytes, until: now() + LIMIT_HOLDS });
      return bytes;
    },
    /** An account's files are on this device from now on. */
    opened: async (account: string): Promise<void> => {
      downloads.opened(account);
      await shelf.open(account);
      await recordings.opened(account);
      void uploads.look(account);
    },
    /** The account is removed: what is on its way ends, and what comes to this device writes nothing any more when this answers. */
    closed: async (account: string): Promise<void> => {
      trays.delete(account);
      uploads.forget(account);
      await Promise.all([downloads.forget(account), recordings.forget(account)]);
    },
    close: async (): Promise<void> => {
      saves.close();
      await uploads.close();
    },
  };
}

export type FileParts = ReturnType<typeof fileParts>;
