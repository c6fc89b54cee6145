/**
 * The form of every call and event between main and its renderers. The request schemas are checked by main at run time for each
 * call; answers are `Outcome` values. Every call that concerns an account carries its local id.
 */
import Type, { type TSchema } from 'typebox';
import { Id } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import type { Outcome } from './outcome.ts';

export type Call<S extends TSchema, R> = { request: S; response?: R };
export const call =
  <R>() =>
  <S extends TSchema>(request: S): Call<S, R> => ({ request });

export const strict = { additionalProperties: false } as const;
export const Account = Type.Object({ account: Id }, strict);
export const Conversation = Type.Object({ account: Id, conv: Id }, strict);
export const Item = Type.Object({ account: Id, id: Id }, strict);
export const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameLength });
/** Longer than any body, so that the clear error about the limit comes from the store. */
export const Text = Type.String({ maxLength: 4 * LIMITS.bodyBytes });

const Opaque = Type.Unsafe<never>(Type.Unknown());
export const opaque = <T>() => Opaque as unknown as Type.TUnsafe<T>;

export type Calls = Record<string, Call<TSchema, unknown>>;
export type Request<C extends Calls, K extends keyof C> = Type.Static<C[K]['request']>;
export type Response<C extends Calls, K extends keyof C> = C[K] extends Call<TSchema, infer R> ? R : never;

/** What a preload exposes: one function to call, one to listen; both refuse names that are not in the map. */
export interface Bridge<C extends Calls, E> {
  call<K extends keyof C & string>(name: K, request: Request<C, K>): Promise<Outcome<Response<C, K>>>;
  /** Answers with the function that stops listening. */
  on<K extends keyof E & string>(name: K, listener: (event: E[K]) => void): () => void;
}
