/** What the network stack says when nothing answers: a cause with a name, so that a person is told more than "no connection". */
export const NETWORK_FAULTS = [
  /** This computer has no network. */
  'network_offline',
  /** The server's name is not known to the name service. */
  'name_unknown',
  /** The computer is there, and nothing listens, or it closes at once. */
  'connection_refused',
  /** Nothing comes back in time. */
  'no_answer',
  /** Signed by nobody whom this computer trusts: a private authority that is not installed, or a proxy that reads along. */
  'certificate_untrusted',
  /** Of a server that is known by its key, and this is another one: somebody else's, or made anew. */
  'certificate_other_key',
  /** Out of its dates, or this computer's clock is wrong. */
  'certificate_date',
  /** Made for another name. */
  'certificate_name',
  'tls_failed',
  'proxy_unreachable',
  /** The proxy does not let this connection through. */
  'proxy_refuses',
  /** The proxy wants a user name and a password. */
  'proxy_sign_in',
  /** Something that is no server of ours: a page to sign in to this network, or a server that has moved. */
  'other_answers',
  /** The server itself, which is not told to answer to this name. */
  'host_unknown',
] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

export const isNetworkFault = (kind: string): kind is NetworkFault =>
  (NETWORK_FAULTS as readonly string[]).includes(kind);

const BY_CODE: [RegExp, NetworkFault][] = [
  [/ERR_(UNSAFE|INVALID|TOO_MANY)_REDIRECT|redirect/i, 'other_answers'],
  [/ERR_CERT_DATE_INVALID/, 'certificate_date'],
  [/ERR_CERT_COMMON_NAME_INVALID/, 'certificate_name'],
  [/ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN/, 'certificate_other_key'],
  [/ERR_CERT_/, 'certificate_untrusted'],
  [/ERR_(SSL|TLS|BAD_SSL)_?/, 'tls_failed'],
  [/ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|ADDRESS_UNREACHABLE|NETWORK_IO_SUSPENDED)/, 'network_offline'],
  [/ERR_(NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|DNS_)/, 'name_unknown'],
  [/ERR_PROXY_AUTH_|ERR_.*PROXY_AUTH_REQUESTED/, 'proxy_sign_in'],
  [/ERR_(PROXY_CONNECTION_FAILED|SOCKS_CONNECTION_)/, 'proxy_unreachable'],
  [/ERR_(TUNNEL_CONNECTION_FAILED|PROXY_|MANDATORY_PROXY|HTTPS_PROXY_)/, 'proxy_refuses'],
  [/ERR_(TIMED_OUT|CONNECTION_TIMED_OUT)|TimeoutError|aborted due to timeout/, 'no_answer'],
  [/ERR_(CONNECTION_|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/, 'connection_refused'],
];

/** From what Chromium's network stack says ("net::ERR_..."), or null where it names none of these. */
export function networkFaultOf(message: string): NetworkFault | null {
  return BY_CODE.find(([code]) => code.test(message))?.[1] ?? null;
}
