/**
 * The version of the wire. History, newest last; a relay is deployed before the clients that need it.
 *
 * 1 - first version: hello, append, confirm, fetch, status, ping; welcome, entries, heads, page, ack, nack, saved,
 *     heartbeat, pong, error, draining. Kinds create, message; registers delivered, read, profile.
 */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol of JSON text frames. */
export const SUBPROTOCOL = 'matchbook.v1';
