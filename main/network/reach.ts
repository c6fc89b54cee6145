/** Why a relay cannot be had, as this computer's network stack tells it: a page hears only that a socket closed. */
import type { Reach } from '@matchbook/protocol/bridge/host';
import { FAILURES } from '@matchbook/protocol/failures';
import { networkFaultOf } from '@matchbook/protocol/network-fault';
import { jsonOf } from './json-body.ts';

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

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
    if (await refusesName(response))
      return { fault: 'host_unknown', message: `The server does not go by the name ${url.hostname}.` };
    await response.body?.cancel();
    if (response.status === 407)
      return { fault: 'proxy_sign_in', message: 'The proxy wants a password (407).' };
    if (isOther(response))
      return {
        fault: 'other_answers',
        message: `Something that is no Matchbook server answers (${response.status}).`,
      };
    return { fault: null, message: `The server answers (${response.status}).` };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { fault: networkFaultOf(message), message };
  }
}

/** A server of ours that is not told to answer to the name that it was asked by. */
export async function refusesName(response: Response): Promise<boolean> {
  if (response.status !== FAILURES.host_unknown.status) return false;
  const body: unknown = await jsonOf(response).catch(() => null);
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'host_unknown';
}

/**
 * The sign-in page of a network answers in the place of every server: with a redirect, with a page, or with the number made for it (RFC 6585). A proxy in front
 * of a relay may not know the path that was asked, and that says nothing.
 */
export function isOther({ status, headers, type }: Pick<Response, 'status' | 'headers' | 'type'>): boolean {
  if (type === 'opaqueredirect' || status === 511 || (status >= 300 && status < 400)) return true;
  return status === 200 && /^text\/html/i.test(headers.get('content-type') ?? '');
}
