import type { Failure } from '@matchbook/protocol/failures';
import type { SavedItem } from '@matchbook/protocol/frames';
import type { SharedFrame } from '../wire/outlet.ts';

/** A connection that was let in, of whatever dialect. */
export interface Member {
  readonly user: string;
  readonly device: string;
  readonly session: string;
  /** Ends it with a failure of the table. */
  close(failure: Failure): void;
  saved(items: SavedItem[]): void;
  ephemeral(frame: SharedFrame, when: 'now' | 'soon'): void;
}
