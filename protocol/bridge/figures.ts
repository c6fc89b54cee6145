/** What the app costs on this computer: told by windows as a person works, asked for by the diagnostics. */
import Type from 'typebox';
import { call, strict } from './calls.ts';

/** What a window measures: from Enter to the bubble and to *queued*, and frames that took long. */
export const MEASURED = ['bubble', 'queued', 'frame'] as const;
export type Measured = (typeof MEASURED)[number];

/** A frame that takes longer is told, ms. */
export const LONG_FRAME = 100;

export const FIGURE_CALLS = {
  /** `ms`: how long it took. */
  'app.measured': call<null>()(
    Type.Object({ what: Type.Enum(MEASURED), ms: Type.Number({ minimum: 0, maximum: 86_400_000 }) }, strict),
  ),
} as const;

/** Of the last thousand, ms. */
export interface Spread {
  count: number;
  p50: number;
  p99: number;
}

export const PROCESS_KINDS = ['main', 'window', 'session-host', 'gpu', 'network', 'server', 'other'] as const;

export interface ProcessUse {
  pid: number;
  kind: (typeof PROCESS_KINDS)[number];
  /** Resident bytes; what processes share is in each of them. */
  memory: number;
  /** Processor time since it began, seconds; null where the runtime does not tell. */
  cpu: number | null;
}

export interface Figures {
  /** Wall clock of main, ms. */
  now: number;
  /** From the birth of the process to a conversation that one can read and write in, ms; null where none was shown yet. */
  start: number | null;
  processes: ProcessUse[];
  /** The last time that no window was to be seen for a minute or longer: how long, s, and the processor time that the app took, its servers left out, % of one processor. */
  hidden: { seconds: number; percent: number } | null;
  bubble: Spread | null;
  queued: Spread | null;
  /** Frames over LONG_FRAME in all windows since the app started. */
  frames: { count: number; longest: number };
  /** The last time that entries were missed: how many, and ms until the last of them had come. */
  caughtUp: { at: number; entries: number; ms: number } | null;
}
