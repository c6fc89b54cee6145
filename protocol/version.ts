/**
 * The version of the wire. History, newest last; a relay is deployed before the clients that need it.
 *
 * 1 - first version: hello, append, confirm, fetch, status, ping; welcome, entries, heads, page, ack, nack, saved,
 *     heartbeat, pong, error, draining. Kinds create, message; registers delivered, read, profile.
 *     Added: frames typing, activity, presence; kinds edit, delete, reaction, pin, rename, picture, settings, member_*; silent messages, groups
 *     and roles; registers draft, mute, pinned, archived, unread, deleted_for_me, saved, block with versions and `conflict`; `spread` of draining,
 *     `total` of heads; `behind` counts one's own items; msgpack; avatar and status of profiles; `elsewhere` of presence; `hidden` of activity;
 *     the failures `invitation_used`, `invitation_expired`, `invitation_own` and `host_unknown`; `v` and `time` of acks of registers. Older clients ignore all of it or show that they are older.
 */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol of JSON text frames. */
export const SUBPROTOCOL = 'matchbook.v1';
/** The same frames in msgpack, as binary messages. */
export const SUBPROTOCOL_MSGPACK = 'matchbook.v1.msgpack';
