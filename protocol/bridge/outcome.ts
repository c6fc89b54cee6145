/** How a call over the bridge ends: no exception crosses. */
import type { Failure } from '../failures.ts';
import type { NetworkFault } from '../network-fault.ts';
import type { StoreFault } from './store-fault.ts';

/** A failure of this machine, or of a server, as windows show it. Wire failures keep their kind. */
export interface LocalFailure {
  kind:
    | Failure['kind']
    | 'bad_call'
    | 'outbox_full'
    | 'outbox_not_empty'
    | 'disk_full'
    | 'store_failed'
    | 'no_such_account'
    | 'no_such_item'
    | 'frozen'
    /** The composer was bound to another conversation than the one that this would go to. */
    | 'wrong_recipient'
    | NetworkFault
    /** It was damaged on the disk. */
    | 'text_damaged'
    /** What it is about never got into the log. */
    | 'target_failed'
    | 'server_unreachable'
    | 'server_failed'
    | 'embedded_failed'
    | 'secret_unavailable'
    | 'bad_invitation'
    | 'bad_server'
    | 'too_many_accounts'
    | 'too_many_windows'
    | 'signed_out'
    | 'cancelled'
    /** Of a file: larger than the server takes; no room for it at the server; nothing in it; a folder; gone from this device; more than a message has. */
    | 'file_too_large'
    | 'quota_full'
    | 'file_type_refused'
    | 'file_empty'
    | 'file_is_folder'
    | 'file_unreadable'
    | 'file_missing'
    | 'too_many_files'
    /** It is not on this device, and the server cannot be asked now. */
    | 'file_not_here'
    /** Of the place that the person chose: nothing can be written there. */
    | 'place_refused'
    /** In the folder that was to be checked. */
    | 'no_export'
    | 'export_unfinished'
    | 'bad_link'
    /** A message for later that was sent, or taken back on another device. */
    | 'not_waiting'
    /** Of a server that is newer than this app and has further reasons: in its own words. */
    | 'other';
  message: string;
  field?: string;
  limit?: number;
  retryAfter?: number;
  /** Of files of an account that cannot be opened. */
  store?: StoreFault;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: LocalFailure };
