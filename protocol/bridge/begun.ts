/** What windows ask about other words for something that is there already: a message, an item of the outbox, a message for later. While they are typed they are kept, as a draft is (I11). */
import Type from 'typebox';
import { Id, Place } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { Account, call, strict, Text } from './calls.ts';

export interface BegunWords {
  /** Of what: the key of a message's row, or what `begunOf` (begun-of.ts) makes of an id. */
  about: string;
  conv: string;
  /** Place of the message; null while it has none. */
  n: number | null;
  text: string;
}

const About = Type.String({ minLength: 1, maxLength: LIMITS.idLength * 2 + 1 });

export const BEGUN_CALLS = {
  /** Of an account, the words begun first at first. What they were for may be gone meanwhile: those of a message that is not here any more are in the draft of its conversation by then. */
  'begun.list': call<BegunWords[]>()(Account),
  /** In the place of what was kept of the same; `text` null: they were used, or given up. `earlier`: what was given up, which is an earlier text of the conversation from now on. Durable when it answers. */
  'begun.keep': call<null>()(
    Type.Object(
      {
        ...{ account: Id, conv: Id },
        about: About,
        n: Type.Union([Place, Type.Null()]),
        text: Type.Union([Text, Type.Null()]),
        earlier: Type.Optional(Text),
      },
      strict,
    ),
  ),
  /**
   * What these were for is gone, and every window knows the words from before: the one that is told `mine` puts them where new messages are written, then keeps null. The others
   * hear of that.
   */
  'begun.take': call<{ mine: boolean }>()(Type.Object({ account: Id, about: About }, strict)),
} as const;
