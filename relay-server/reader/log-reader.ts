import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Places } from '../sequencer/places.ts';
import { Ends } from './ends.ts';
import { Memberships } from './memberships.ts';
import type { ReadAnswers, ReadRequest } from './messages.ts';
import { OwnRegisters } from './own-registers.ts';
import { PageReader } from './pages.ts';
import { SavingReader } from './saving.ts';
import { Snapshots } from './snapshot.ts';
import { Walks } from './walk.ts';

/** The log as devices and the persister read it, over a connection that cannot write. Each answer is one consistent snapshot. */
export class LogReader {
  readonly #db: DatabaseSyncInstance;
  readonly #ends: Ends;
  readonly #walks: Walks;
  readonly #snapshots: Snapshots;
  readonly #pages: PageReader;
  readonly #saving: SavingReader;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
    this.#db.exec('PRAGMA query_only = 1; PRAGMA cache_size = -65536');
    this.#ends = new Ends(this.#db);
    const places = new Places(this.#db);
    const memberships = new Memberships(this.#db, this.#ends, places);
    const registers = new OwnRegisters(this.#db);
    this.#walks = new Walks(this.#db, memberships, registers);
    this.#snapshots = new Snapshots(this.#db, memberships, registers);
    this.#pages = new PageReader(this.#db, memberships, places);
    this.#saving = new SavingReader(this.#db);
  }

  answer<K extends ReadRequest['type']>(request: Extract<ReadRequest, { type: K }>): ReadAnswers[K] {
    this.#db.exec('BEGIN');
    try {
      return this.#answer(request) as ReadAnswers[K];
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  close(): void {
    this.#db.close();
  }

  #answer(request: ReadRequest): ReadAnswers[ReadRequest['type']] {
    switch (request.type) {
      case 'status':
        return this.#saving.status(request);
      case 'batch':
        return this.#saving.batch(request.after, this.#walks.head().seq);
      case 'delayed':
        return this.#saving.delayed(request);
      case 'trace':
        return this.#saving.trace(request.id);
      case 'highest':
        return this.#saving.highest(request);
    }
    this.#ends.refresh();
    switch (request.type) {
      case 'position':
        return this.#walks.position(request);
      case 'stored':
        return this.#walks.stored(request);
      case 'walk':
        return this.#walks.walk(request);
      case 'heads':
        return this.#snapshots.heads(request.user, this.#walks.head());
      case 'page':
        return this.#pages.page(request);
    }
  }
}
