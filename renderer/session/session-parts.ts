/** What a session is made of, and who listens to it. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { DownFrame } from '@matchbook/protocol/frames';
import type { NetworkFault } from '@matchbook/protocol/network-fault';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { ConnectionLog } from './connection-log.ts';
import type { SteadyClock } from './steady-clock.ts';

/** The browser's WebSocket, as far as it is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface SessionParts {
  device: string;
  cursor: string | null;
  /** A page before this one was ended; something of it may still arrive at the relay. */
  restarted: boolean;
  /** Address of the relay, with the user's id where it wants one. */
  url: string;
  /** Base address of the relay for HTTP. */
  httpBase: string;
  openSocket(url: string, protocol: string): Socket;
  fetch(url: string, options: RequestInit): Promise<Response>;
  fetchToken(refused: boolean): Promise<Outcome<{ token: string; expires: number }>>;
  /** What this computer's network stack says of the server: null where it can be reached. */
  explain(): Promise<{ fault: NetworkFault | null; message: string } | null>;
  clock: SteadyClock;
  /** 0 to 1. */
  random(): number;
  /** Hears every frame and step. */
  log: Pick<ConnectionLog, 'frame' | 'life' | 'request' | 'secret'>;
}

export interface SessionListener {
  /** `entries`, `heads` and `page` come as text, for the inbox; everything else as a frame. */
  bulk(text: string): void;
  frame(frame: DownFrame): void;
  live(): void;
  lost(): void;
  changed(state: SessionState): void;
}
