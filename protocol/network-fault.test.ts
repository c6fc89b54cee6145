import { expect, it } from 'vitest';
import { networkFaultOf } from './network-fault.ts';

it.each([
  ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate_untrusted'],
  ['net::ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN', 'certificate_other_key'],
  ['net::ERR_CERT_DATE_INVALID', 'certificate_date'],
  ['net::ERR_CERT_COMMON_NAME_INVALID', 'certificate_name'],
  ['net::ERR_SSL_PROTOCOL_ERROR', 'tls_failed'],
  ['net::ERR_INTERNET_DISCONNECTED', 'network_offline'],
  ['net::ERR_NAME_NOT_RESOLVED', 'name_unknown'],
  ['net::ERR_PROXY_CONNECTION_FAILED', 'proxy_unreachable'],
  ['net::ERR_TUNNEL_CONNECTION_FAILED', 'proxy_refuses'],
  ['net::ERR_PROXY_AUTH_UNSUPPORTED', 'proxy_sign_in'],
  ["Attempted to redirect, but redirect policy was 'error'", 'other_answers'],
  ['net::ERR_TOO_MANY_REDIRECTS', 'other_answers'],
  ['net::ERR_CONNECTION_REFUSED', 'connection_refused'],
  ['net::ERR_EMPTY_RESPONSE', 'connection_refused'],
  ['net::ERR_TIMED_OUT', 'no_answer'],
  ['TimeoutError: The operation was aborted due to timeout', 'no_answer'],
  ['net::ERR_UNEXPECTED', null],
])('%s is %s', (message, fault) => {
  expect(networkFaultOf(message)).toBe(fault);
});
