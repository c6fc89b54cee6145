/** What a window could not draw, as it tells main: where it was, without a word of what was to be drawn. */
import Type from 'typebox';
import { call, strict } from './calls.ts';

const Lines = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 });

export const Undrawn = Type.Object(
  {
    /** Name of the error, never its message. */
    error: Type.String({ maxLength: 60 }),
    /** Where it was thrown, the innermost first. */
    at: Lines,
    /** The components that were being drawn, the innermost first. */
    within: Lines,
  },
  strict,
);
export type Undrawn = Type.Static<typeof Undrawn>;

export const UNDRAWN_CALLS = { 'app.undrawn': call<null>()(Undrawn) } as const;
