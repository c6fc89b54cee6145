import type { ReactNode } from 'react';
import type { MatchbookStore } from '../../store/store.ts';
import type { Candidate } from './ranking.ts';

/** A line of the quick switcher, apart from messages. */
export interface Goal extends Candidate {
  kind: 'conversation' | 'person' | 'action' | 'setting';
  /** Beside the name. */
  note: string;
  picture: ReactNode;
  go: (store: MatchbookStore) => void;
}
