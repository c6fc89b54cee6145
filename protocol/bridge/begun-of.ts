/** Of what words were begun for, where it is something else than a message: an item of the outbox that is none, or a message for later. Without the schemas of the calls, which no window loads. */
export const begunOf = (what: 'outbox' | 'scheduled', id: string): string => `${what}:${id}`;
