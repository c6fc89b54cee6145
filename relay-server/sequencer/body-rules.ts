/** What a body must keep to, whoever sends it. Comes before anything is hashed. */
import { bodyLimit } from '@matchbook/protocol/body-limit';
import { fromBase64Url } from '@matchbook/protocol/bytes';
import type { Append, Body } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import type { AppendLimits } from './messages.ts';

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(; ?[\x20-\x7e]+)?$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Why what was composed can never be stored, or null. */
export function contentRefusal(item: Append, limits: AppendLimits): Failure | null {
  if (!('body' in item) || item.body === undefined) return null;
  return bodyFault(item.body, bodyLimit(item.kind, limits.bodyBytes));
}

/** Size and text of a body. A NUL cuts text short in stores behind us; lone surrogates have no bytes at all. */
function bodyFault(body: Body, limit: number): Failure | null {
  if (!MEDIA_TYPE.test(body.type))
    return { kind: 'invalid_field', message: 'body.type is not a media type.', field: 'body.type' };
  let text: string | null = null;
  let size: number;
  if ('text' in body) {
    text = body.text;
    size = utf8Length(text);
  } else {
    const bytes = fromBase64Url(body.data);
    if (!bytes) return { kind: 'invalid_field', message: 'body.data is not base64url.', field: 'body.data' };
    size = bytes.length;
    if (size <= limit && body.type.toLowerCase().startsWith('text/')) {
      try {
        text = utf8.decode(bytes);
      } catch {
        return { kind: 'invalid_text', message: 'body.data is not UTF-8.', field: 'body.data' };
      }
    }
  }
  if (size > limit) {
    const message = `The body has ${size} bytes; the limit is ${limit}.`;
    return { kind: 'body_too_large', message, field: 'body', limit };
  }
  return text === null ? null : invalidText(text, 'text' in body ? 'body.text' : 'body.data');
}

/** The failure of a text that cannot be stored everywhere alike, or null. */
export function invalidText(text: string, field: string): Failure | null {
  const fault = textFault(text);
  if (!fault) return null;
  const what = fault === 'nul' ? 'a NUL character' : 'a lone surrogate';
  return { kind: 'invalid_text', message: `${field} contains ${what}.`, field };
}
