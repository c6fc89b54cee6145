/** One's own picture: brought to the server, then named in the profile, from where it reaches everybody who shares a conversation. */
import { OwnAccountFacts } from '@matchbook/protocol/http/accounts';
import type { FileReference } from '@matchbook/protocol/message-body';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf } from './shelf.ts';
import { sendFile } from './tus.ts';

/** The person waits for it: what takes longer is said to have failed, ms. */
const PATIENCE = 60_000;

export interface AvatarsParts {
  requests: Pick<ServerRequests, 'send'>;
  server: FileServer;
  shelf: Shelf;
  clock(): number;
}

export class Avatars {
  readonly #parts: AvatarsParts;

  constructor(parts: AvatarsParts) {
    this.#parts = parts;
  }

  /** @param file on the shelf; null takes the picture away @throws LocalError */
  async set(account: string, file: FileReference | null): Promise<string | null> {
    const { requests, server, shelf, clock } = this.#parts;
    if (file !== null) {
      await sendFile(
        server,
        {
          ...{ account, hash: file.hash, size: file.size, path: shelf.ownPath(account, file.hash), id: null },
          begun: async () => {},
          progress: () => {},
          signal: AbortSignal.timeout(PATIENCE),
        },
        clock,
      );
      await shelf.release(account, file.hash);
    }
    const avatar = file?.hash ?? null;
    await requests.send(account, 'PATCH', '/api/account/profile', { avatar }, OwnAccountFacts);
    return avatar;
  }
}
