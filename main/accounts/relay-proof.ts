import { LocalError } from '../bridge/local-failure.ts';
import { type ApiClient, NOTHING } from '../network/api-client.ts';

/**
 * Whether a relay takes an access token: then its API has made it. Asks with a message that is none, which is refused after the token was looked at.
 *
 * @param relay its WebSocket address
 * @throws LocalError where no relay answers
 */
export async function takesToken(
  api: Pick<ApiClient, 'post'>,
  relay: string,
  token: string,
): Promise<boolean> {
  const { origin } = new URL(relay.replace(/^ws/, 'http'));
  try {
    await api.post(origin, '/send-message', { conv: '', items: [] }, NOTHING, token);
    return true;
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    const { kind } = error.failure;
    if (kind === 'unauthorized' || kind === 'session_revoked') return false;
    // What is said of the message, once the token is taken.
    if (kind === 'invalid_field') return true;
    throw error;
  }
}
