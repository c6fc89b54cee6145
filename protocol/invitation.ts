/** `matchbook://join/<base64url of JSON>`: where the server is, by which key it is known, and the secret that opens it once. */

import { utf8ToBytes } from '@noble/hashes/utils.js';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { fromBase64Url, toBase64Url } from './bytes.ts';
import { Secret } from './http/fields.ts';
import { Pin, type ServerAddress } from './server-pin.ts';

const Link = Type.Object(
  {
    v: Type.Literal(1),
    /** Base address of the API server, without a trailing slash. */
    api: Type.String({ pattern: '^https?://[A-Za-z0-9.:\\[\\]-]{1,253}(/[A-Za-z0-9._~/-]{0,200})?$' }),
    secret: Secret,
    /** Of a server with a certificate of its own; such a one is only spoken to by https. */
    pin: Type.Optional(Pin),
  },
  { additionalProperties: false },
);

export interface InvitationLink extends ServerAddress {
  secret: string;
}

const PREFIX = 'matchbook://join/';

export function formatInvitation({ api, secret, pin }: InvitationLink): string {
  return PREFIX + toBase64Url(utf8ToBytes(JSON.stringify({ v: 1, api, secret, pin })));
}

/** Null for anything but an invitation of this version; white space around a pasted link is forgiven. */
export function parseInvitation(text: string): InvitationLink | null {
  const match = /^\s*matchbook:\/\/join\/([A-Za-z0-9_-]{1,1000})\s*$/.exec(text);
  const bytes = match && fromBase64Url(match[1]!);
  if (!bytes) return null;
  try {
    const link: unknown = JSON.parse(String.fromCharCode(...bytes));
    if (!Check(Link, link) || (link.pin !== undefined && !link.api.startsWith('https:'))) return null;
    const { api, secret, pin } = link;
    return { api, secret, ...(pin === undefined ? {} : { pin }) };
  } catch {
    return null;
  }
}
