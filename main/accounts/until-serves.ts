import { ServerInfo } from '@matchbook/protocol/http/accounts';
import { LocalError } from '../bridge/local-failure.ts';
import type { ApiClient } from '../network/api-client.ts';

/** The embedded API needs a moment at its start: 15 s at most. */
const TRIES = 60;
const PAUSE = 250;

/** The server in this app has begun to answer. @throws LocalError `embedded_failed` where it does not */
export async function untilServes(
  api: ApiClient,
  base: string,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      await api.get(base, '/api/server', ServerInfo);
      return;
    } catch (error) {
      if (i >= TRIES)
        throw new LocalError(
          'embedded_failed',
          `The servers in this app did not start: ${error instanceof Error ? error.message : error}`,
        );
      await sleep(PAUSE);
    }
  }
}
