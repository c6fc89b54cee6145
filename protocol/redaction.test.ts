import { describe, expect, it } from 'vitest';
import { redactedFrame, scrubbed } from './redaction.ts';

const CANARY = 'canary-0123456789abcdef';

describe('what must not be in a log', () => {
  it.each([
    `wss://relay.example/ws?access_token=${CANARY}&id=1`,
    `wss://relay.example/ws?id=1&token=${CANARY}`,
    `GET https://api.example/files?X-Api-Key=${CANARY} 403`,
    `https://sign.example/back?code=${CANARY}&state=${CANARY}#id_token=${CANARY}`,
    `https://sign.example/?next=https%3A%2F%2Fapi.example%2F%3Ftoken%3D${CANARY}`,
    `http://ann:${CANARY}@proxy.example:3128/ refused`,
    `http://${CANARY}@proxy.example/`,
    `Authorization: Basic ${CANARY}`,
    `"authorization":"Bearer ${CANARY}"`,
    `Proxy-Authorization: Digest username="ann", response=${CANARY}`.replace('username="ann", ', ''),
    `Set-Cookie: session=${CANARY}; Path=/`,
    `cookie: a=b; session=${CANARY}`,
    `Bearer ${CANARY}`,
    `Unexpected token in {"refresh":"${CANARY}"}`,
    `refresh_token: ${CANARY}`,
    `matchbook://join/${CANARY}`,
  ])('is not in %s', (text) => {
    expect(scrubbed(text)).not.toContain('canary');
    // Nor where a frame that is no JSON has it, or one that quotes it.
    expect(redactedFrame(`not json ${text}`)).not.toContain('canary');
    expect(redactedFrame(JSON.stringify({ t: 'error', message: text }))).not.toContain('canary');
  });

  it.each([
    'close code 1006: the network dropped it',
    'net::ERR_CERT_COMMON_NAME_INVALID at https://api.example/api/account?limit=50&cursor=12',
    'wss://relay.example:8443/ws?id=user-1 refused',
    'the token is refused, signing in again',
    'token: expired',
    'no access: forbidden (403)',
    'mail to ann@example.org failed',
  ])('%s has nothing of the kind, and stays as it is', (text) => {
    expect(scrubbed(text)).toBe(text);
  });
});
