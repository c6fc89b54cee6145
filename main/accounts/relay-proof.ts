import type { Tokens } from '@matchbook/protocol/http/accounts';
import { LocalError } from '../bridge/local-failure.ts';
import { type ApiClient, NOTHING } from '../network/api-client.ts';

/**
 * Whether a relay takes an access token as this person's: then its API has made it, for them. Asks with a message that is none, which is refused after the token was
 * looked at. Whoever has an account of their own there has a token that it takes: whose it is counts as much.
 *
 * @param relay its WebSocket address
 * @throws LocalError where no relay answers
 */
export async function takesToken(
  api: Pick<ApiClient, 'post'>,
  relay: string,
  { user, access: token }: Pick<Tokens, 'user' | 'access'>,
): Promise<boolean> {
  if (subjectOf(token) !== user) return false;
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

/** Of a JSON Web Token whose signature is not looked at: the relay does that. */
function subjectOf(token: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : null;
  } catch {
    return null;
  }
}
