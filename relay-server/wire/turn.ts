/** Something that gathers during a turn and is done once at its end. */
export interface Gathering {
  flush(): void;
}

/** One turn of the event loop: devices gather what they get, then sockets what is written, and at its end each is written once. */
export class Turn {
  readonly #schedule: (run: () => void) => void;
  #devices = new Set<Gathering>();
  #sockets: Gathering[] = [];
  #scheduled = false;
  /** Called at the end of a turn, after everything was written. */
  onEnd: () => void = () => {};

  /** @param schedule runs a function at the end of the running turn */
  constructor(schedule: (run: () => void) => void) {
    this.#schedule = schedule;
  }

  /** A device was delivered to. */
  delivered(device: Gathering): void {
    this.#devices.add(device);
    this.#begin();
  }

  /** A device left. */
  forget(device: Gathering): void {
    this.#devices.delete(device);
  }

  /** Something waits to be written to a socket. */
  written(socket: Gathering): void {
    this.#sockets.push(socket);
    this.#begin();
  }

  #begin(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#end());
  }

  #end(): void {
    this.#scheduled = false;
    const devices = this.#devices;
    this.#devices = new Set();
    for (const device of devices) device.flush();
    const sockets = this.#sockets;
    this.#sockets = [];
    for (const socket of sockets) socket.flush();
    this.onEnd();
    // What the end of this turn wrote belongs to it, except where flushing sockets made more.
    if (this.#devices.size > 0 || this.#sockets.length > 0) this.#begin();
  }
}
