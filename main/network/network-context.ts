/**
 * Where servers are asked: a session of Electron, and another one in its place where the present one does not serve any more. Chromium keeps for half an hour
 * what was found of a certificate, and no call makes it forget (electron/electron#41448); and once the process of its network has ended, what main asks in a
 * session that was there before fails for good, and its certificates are judged by nobody (seen with Electron 33).
 */

/** In one run of the app: none of them is ever freed. */
const AT_MOST = 100;

export interface NetworkContextParts<Session> {
  first: Session;
  /** A session that keeps nothing on the disk. */
  make(name: string): Session;
  log(line: string): void;
}

export class NetworkContext<Session> {
  readonly #parts: NetworkContextParts<Session>;
  readonly #equipment: ((session: Session) => void | Promise<void>)[] = [];
  readonly #renewed: ((reason: string) => void)[] = [];
  #session: Session;
  #ready: Promise<void> = Promise.resolve();
  /** Whoever waits for the present session to have all waits no longer. */
  #giveUp = () => {};
  #made = 0;

  constructor(parts: NetworkContextParts<Session>) {
    this.#parts = parts;
    this.#session = parts.first;
  }

  get session(): Session {
    return this.#session;
  }

  /** The present session has all that it needs. */
  async ready(): Promise<Session> {
    for (;;) {
      const session = this.#session;
      await this.#ready;
      if (session === this.#session) return session;
    }
  }

  /** What each session is given before anything is asked in it, this one included. */
  equip(work: (session: Session) => void | Promise<void>): void {
    this.#equipment.push(work);
    this.#ready = this.#given([this.#ready, work(this.#session)]);
  }

  /** Another session took the place: whoever holds on to one takes that. */
  onRenewed(listener: (reason: string) => void): void {
    this.#renewed.push(listener);
  }

  /** From here on nothing is known of any certificate. What is under way goes on where it is. @returns false once it was done too often */
  renew(reason: string): boolean {
    if (this.#made >= AT_MOST) {
      this.#parts.log(
        `network: ${reason}; not begun anew after ${AT_MOST} times, until the app starts again`,
      );
      return false;
    }
    this.#made += 1;
    this.#parts.log(`network: begun anew (${reason})`);
    const session = this.#parts.make(`network-${this.#made}`);
    this.#session = session;
    // What was asked of the network's process is never answered where that has ended meanwhile.
    this.#giveUp();
    this.#giveUp = () => {};
    this.#ready = this.#given(this.#equipment.map((work) => work(session)));
    for (const listener of this.#renewed) listener(reason);
    return true;
  }

  #given(work: (void | Promise<void>)[]): Promise<void> {
    const before = this.#giveUp;
    return new Promise((resolve) => {
      this.#giveUp = () => {
        before();
        resolve();
      };
      Promise.all(work).then(
        () => resolve(),
        (error: unknown) => {
          this.#parts.log(`network: ${error}`);
          resolve();
        },
      );
    });
  }
}
