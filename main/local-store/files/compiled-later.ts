import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** A check by a schema that is compiled when it is first asked for. */
export interface Checker<S extends TSchema> {
  Check(value: unknown): value is Static<S>;
}

export function compiledLater<S extends TSchema>(schema: S): Checker<S> {
  let compiled: Checker<S> | null = null;
  return {
    Check(value): value is Static<S> {
      compiled ??= Compile(schema) as unknown as Checker<S>;
      return compiled.Check(value);
    },
  };
}
