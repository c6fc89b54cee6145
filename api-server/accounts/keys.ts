/** The server's keys: Ed25519 for access tokens, and the key from which refresh tokens are derived. One file, mode 0600. */
import { randomBytes, type webcrypto } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

export interface AccessClaims {
  user: string;
  device: string;
  sid: string;
  /** May ask the servers about themselves. */
  admin: boolean;
}

export interface Keys {
  /** The published half, as a JWK set. */
  published: { keys: JWK[] };
  refreshKey: Buffer;
  /** Signs an access token that lives for `seconds`. */
  sign(claims: AccessClaims, now: number, seconds: number): Promise<string>;
  /** The private key's public half, to verify one's own tokens with. */
  verifyKey: webcrypto.CryptoKey;
}

type KeyFile = { signing: JWK & { kid: string }; refreshKey: string };

/** Access tokens are for the relay and for this server. */
export const AUDIENCE = 'matchbook';

export async function loadKeys(directory: string, issuer: string): Promise<Keys> {
  const path = join(directory, 'keys.json');
  if (!existsSync(path)) await create(path);
  const { signing, refreshKey } = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
  const privateKey = (await importJWK(signing, 'EdDSA')) as webcrypto.CryptoKey;
  const { d: _secret, ...open } = signing;
  const publicJwk = { ...open, use: 'sig', alg: 'EdDSA' };
  return {
    published: { keys: [publicJwk] },
    refreshKey: Buffer.from(refreshKey, 'base64url'),
    verifyKey: (await importJWK(publicJwk, 'EdDSA')) as webcrypto.CryptoKey,
    sign: ({ user, device, sid, admin }, now, seconds) =>
      new SignJWT({ did: device, sid, ...(admin ? { adm: true } : {}) })
        .setProtectedHeader({ alg: 'EdDSA', kid: signing.kid })
        .setSubject(user)
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setIssuedAt(Math.floor(now / 1_000))
        .setExpirationTime(Math.floor(now / 1_000) + seconds)
        .sign(privateKey),
  };
}

async function create(path: string): Promise<void> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  const file: KeyFile = {
    signing: { ...jwk, kid: await calculateJwkThumbprint(jwk) },
    refreshKey: randomBytes(32).toString('base64url'),
  };
  const handle = openSync(`${path}.new`, 'w', 0o600);
  writeSync(handle, JSON.stringify(file));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${path}.new`, path);
}
