import type { Failure } from '@matchbook/protocol/failures';
import type { Hello, Welcome } from '@matchbook/protocol/frames';
import { PROTOCOL_VERSION } from '@matchbook/protocol/version';
import type { Config } from '../config.ts';
import type { Credentials, Identity } from '../credentials/credentials.ts';
import type { Hub } from '../forwarding/hub.ts';
import type { Position } from '../reader/messages.ts';
import type { LogReading } from '../reader/port.ts';

export interface HandshakeParts {
  credentials: Pick<Credentials, 'check' | 'ticket'>;
  hub: Pick<Hub, 'head' | 'cursor'>;
  reader: LogReading;
  /** Own entries behind which a device gets a snapshot. */
  farBehind: number;
}

export type Greeting =
  | { ok: true; identity: Identity; position: Position; byTicket: boolean; ticket: string }
  | { ok: false; failure: Failure };

/**
 * Who says hello, and where their device goes on from.
 *
 * @param claimed `?id=` of the address; only compared
 */
export async function greet(hello: Hello, claimed: string | null, parts: HandshakeParts): Promise<Greeting> {
  const no = (kind: Failure['kind'], message: string): Greeting => ({
    ok: false,
    failure: { kind, message },
  });
  if (hello.protocol !== PROTOCOL_VERSION)
    return no('version_unsupported', `This relay speaks version ${PROTOCOL_VERSION}.`);
  const verdict = await parts.credentials.check(hello);
  if (!verdict.ok) return verdict;
  const { identity, byTicket } = verdict;
  if (claimed !== null && claimed !== identity.user)
    return no('identity_mismatch', 'The id in the address is not the one of the token.');
  const position = await positionOf(identity.user, hello.cursor ?? null, parts);
  // A ticket says what the one before said, and for as long.
  const ticket = byTicket ? hello.ticket! : parts.credentials.ticket(identity);
  return { ok: true, identity, position, byTicket, ticket };
}

/** @param time wall clock, ms */
export function welcomeOf(
  { identity, position, ticket }: Extract<Greeting, { ok: true }>,
  config: Config,
  time: number,
): Welcome {
  return {
    t: 'welcome',
    protocol: PROTOCOL_VERSION,
    session: identity.session,
    user: identity.user,
    device: identity.device,
    time,
    heartbeat: config.RELAY_HEARTBEAT_MS,
    ticket,
    ticketExpires: identity.expires,
    resume: position.resume,
    limits: {
      frameBytes: config.RELAY_FRAME_BYTES,
      bodyBytes: config.RELAY_BODY_BYTES,
      batchItems: config.RELAY_BATCH_ITEMS,
      creditEntries: config.RELAY_CREDIT_ENTRIES,
      creditBytes: config.RELAY_CREDIT_BYTES,
    },
  };
}

/** A device that stands at the head, as most do that come back together, needs no read. */
export async function positionOf(
  user: string,
  cursor: string | null,
  { hub, reader, farBehind }: Omit<HandshakeParts, 'credentials'>,
): Promise<Position> {
  if (cursor !== null && cursor === hub.cursor)
    return { resume: 'cursor', seq: hub.head.seq, running: hub.head.running };
  return await reader.ask({ type: 'position', user, cursor, farBehind });
}
