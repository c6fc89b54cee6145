/** How long it took, as the person felt it, told to main for the diagnostics: from Enter to the frame with the bubble and to *queued*, and frames that took long. */
import type { LONG_FRAME, Measured } from '@matchbook/protocol/bridge/figures';

// Its name alone would bring the schemas beside it into the window.
const LONG: typeof LONG_FRAME = 100;
/** What is sent so long after the last key or click was not sent by it, ms. */
const BY_HAND = 1_000;

export interface FeltPorts {
  tell(what: Measured, ms: number): void;
  /** Steady, ms: of the same clock as the time of an event. */
  clock(): number;
  /** When the frame that is drawn next is on screen. */
  painted(then: () => void): void;
  /** Of the last key or click; null where there was none yet. */
  pressed(): number | null;
}

export class Felt {
  readonly #ports: FeltPorts;

  constructor(ports: FeltPorts) {
    this.#ports = ports;
  }

  /** A message was sent off: its bubble is in the next frame. Answers with what to call when it is queued. */
  sent(): () => void {
    const { tell, clock, painted, pressed } = this.#ports;
    const now = clock();
    const press = pressed();
    const begun = press !== null && now - press < BY_HAND ? press : now;
    painted(() => tell('bubble', clock() - begun));
    return () => tell('queued', clock() - begun);
  }

  /** A frame took so long, ms. */
  frame(ms: number): void {
    if (ms > LONG) this.#ports.tell('frame', ms);
  }
}
