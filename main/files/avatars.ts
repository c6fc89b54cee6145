/** One's own picture: brought to the server, then named in the profile, from where it reaches everybody who shares a conversation. */
import { OwnAccountFacts } from '@matchbook/protocol/http/accounts';
import type { FileReference } from '@matchbook/protocol/message-body';
import type { ApiClient } from '../network/api-client.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf } from './shelf.ts';
import { sendFile } from './tus.ts';

/** The person waits for it: what takes longer is said to have failed, ms. */
const PATIENCE = 60_000;

export interface AvatarsParts {
  api: ApiClient;
  server: FileServer;
  shelf: Shelf;
  address(account: string): string;
  token(account: string, refused: boolean): Promise<string>;
  clock(): number;
}

export class Avatars {
  readonly #parts: AvatarsParts;

  constructor(parts: AvatarsParts) {
    this.#parts = parts;
  }

  /** @param file on the shelf; null takes the picture away @throws LocalError */
  async set(account: string, file: FileReference | null): Promise<string | null> {
    const { api, server, shelf, address, token, clock } = this.#parts;
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
    await api.send(
      'PATCH',
      address(account),
      '/api/account/profile',
      { avatar },
      OwnAccountFacts,
      await token(account, false),
    );
    return avatar;
  }
}
