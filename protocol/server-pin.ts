/**
 * A server with a certificate of its own, which no authority signed (the servers of an app, on its network), is known by its key: the invitation
 * carries the key's SHA-256, and nothing else is taken for that server.
 */
import Type from 'typebox';

/** SHA-256 of the certificate's SubjectPublicKeyInfo, as RFC 7469 (2.4) makes it, in base64url without padding. */
export const Pin = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
export type Pin = Type.Static<typeof Pin>;

/** Where a server is, and by which key it is known; without a pin by whatever authority this computer trusts. */
export interface ServerAddress {
  /** Base address of the API, without a slash at its end. */
  api: string;
  pin?: Pin | undefined;
}

/** A server that is known by its key has its relay at the same address; what it calls its relay itself is its own computer's business. */
export const relayBeside = (api: string): string => `${api.replace(/^http/, 'ws')}/ws`;
