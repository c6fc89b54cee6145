/** From an open socket to a live session: hello, and its welcome. */
import type { UpFrame, Welcome } from '@matchbook/protocol/frames';
import { PROTOCOL_VERSION } from '@matchbook/protocol/version';
import { type Credential, flowFrom, type Machine, type Step } from './model.ts';

export function greet(machine: Machine, attempt: number, credential: Credential, now: number): Step {
  const hello: UpFrame = {
    t: 'hello',
    protocol: PROTOCOL_VERSION,
    ...('ticket' in credential ? { ticket: credential.ticket } : { token: credential.token }),
    device: machine.device,
    cursor: machine.cursor,
    client: 'matchbook-desktop',
  };
  return {
    machine: { ...machine, mode: { kind: 'greeting', attempt, since: now, credential } },
    effects: [{ kind: 'send', frame: hello }],
  };
}

export function welcomed(machine: Machine, frame: Welcome, now: number): Step {
  // Tickets are judged by the relay's clock; what counts here is how long they live.
  const ticket = { text: frame.ticket, expires: now + (frame.ticketExpires - frame.time) };
  return {
    machine: {
      ...machine,
      ticket,
      mode: { kind: 'live', lastPing: now, asked: null, probed: null, ...flowFrom(now) },
    },
    effects: [{ kind: 'live' }],
  };
}
