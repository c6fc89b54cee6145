/** Why a relay cannot be had, as this computer's network stack tells it: a page hears only that a socket closed. */
import type { Reach } from '@matchbook/protocol/bridge/host';
import { networkFaultOf } from '@matchbook/protocol/network-fault';
import type { Fetch } from './api-client.ts';

const LIMIT = 5_000;

/**
 * Asks the relay by HTTP. Never rejects.
 * @param relay its WebSocket address
 */
export async function reach(relay: string, fetch: Fetch): Promise<Reach> {
  try {
    const url = new URL(relay.replace(/^ws/, 'http'));
    const response = await fetch(`${url.origin}/health-check`, {
      method: 'GET',
      signal: AbortSignal.timeout(LIMIT),
      credentials: 'omit',
      redirect: 'manual',
    });
    await response.body?.cancel();
    if (response.status === 407)
      return { fault: 'proxy_sign_in', message: 'The proxy wants a password (407).' };
    return { fault: null, message: `The server answers (${response.status}).` };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { fault: networkFaultOf(message), message };
  }
}
