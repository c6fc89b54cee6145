/** An address as people write it: a name, a name with a port, a whole URL; or an invitation to that server, which says by which key it is known. */
import { parseInvitation } from '@matchbook/protocol/invitation';
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import { LocalError } from '../bridge/local-failure.ts';

/** Servers on this computer are spoken to in plain; all others by https unless the person says otherwise. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i;

/** @throws LocalError `bad_server` */
export function serverAddress(text: string): ServerAddress {
  const invited = parseInvitation(text);
  if (invited) return { api: invited.api, pin: invited.pin };
  const trimmed = text.trim();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)
    ? ''
    : LOOPBACK.test(trimmed)
      ? 'http://'
      : 'https://';
  let url: URL;
  try {
    url = new URL(scheme + trimmed);
  } catch {
    throw bad();
  }
  if (
    !/^https?:$/.test(url.protocol) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash ||
    !url.hostname
  )
    throw bad();
  return { api: url.origin + url.pathname.replace(/\/+$/, '') };
}

const bad = () =>
  new LocalError('bad_server', 'This is not the address of a server. It looks like chat.example.org.', {
    field: 'server',
  });
