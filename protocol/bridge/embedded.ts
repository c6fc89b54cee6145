/** The servers of this app as windows show them, and whether people on other computers reach them. Times are wall clock ms. */
import Type from 'typebox';
import { call, strict } from './calls.ts';

/** One of the embedded servers, or what stands before them. Times are wall clock ms. */
export interface EmbeddedServer {
  state: 'starting' | 'running' | 'restarting' | 'failed' | 'stopped';
  since: number;
  /** Restarts since it last ran stably. */
  attempt: number;
  /** Next restart, while restarting. */
  at: number | null;
  pid: number | null;
  /** Exit code or reason of the last end, in words. */
  detail: string | null;
}

export interface LanView {
  /** The person lets them in. */
  on: boolean;
  /** Null before they first did. */
  port: number | null;
  /** What invitations name; null where this computer is on no network. */
  address: string | null;
  /** What the person wrote for that; null: an address of this computer. */
  chosen: string | null;
  /** Addresses of this computer on its networks, the likeliest first. */
  addresses: string[];
  /** Six words of the servers' key, which who joins is shown too; null before they first let anybody in. */
  words: string | null;
  /** Why nobody is let in although the person wants it: the file of the key, and what is wrong with it. Null where it is fine, or not wanted. */
  keyTrouble: { path: string; detail: string } | null;
  /** What listens; null where nobody is let in. */
  front: EmbeddedServer | null;
}

export interface EmbeddedView {
  relay: EmbeddedServer;
  api: EmbeddedServer;
  lan: LanView;
}

export const LAN_CALLS = {
  /** @returns when the servers have begun anew with it */
  'lan.choose': call<null>()(
    Type.Object(
      { on: Type.Boolean(), address: Type.Union([Type.String({ maxLength: 300 }), Type.Null()]) },
      strict,
    ),
  ),
};
