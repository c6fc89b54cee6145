/**
 * Text to frame and back. Decoding never throws: it answers with the frame or with the failure that the sender is told.
 */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Failure } from './failures.ts';
import { DOWN, type DownFrame, UP, type UpFrame } from './frames.ts';

export type Decoded<F> = { ok: true; frame: F } | { ok: false; failure: Failure };

interface Validator {
  Check(value: unknown): boolean;
  Errors(
    value: unknown,
  ): Iterable<{ instancePath: string; message: string; keyword?: string; params?: object }>;
}

const compileAll = (schemas: Record<string, TSchema>): Map<string, Validator> =>
  new Map(Object.entries(schemas).map(([t, schema]) => [t, Compile(schema) as unknown as Validator]));

// Compiled at first use: a client needs only one direction, a relay the other.
let up: Map<string, Validator> | undefined;
let down: Map<string, Validator> | undefined;

/** A client's frame, as the relay reads it. */
export function decodeUp(text: string): Decoded<UpFrame> {
  up ??= compileAll(UP);
  return decode<UpFrame>(text, up);
}

/** The same of what is parsed already. What comes from strangers may be nested deeper than it could be written as text again. */
export function checkUp(value: unknown): Decoded<UpFrame> {
  up ??= compileAll(UP);
  return check<UpFrame>(value, up);
}

/** A relay's frame, as a client reads it. */
export function decodeDown(text: string): Decoded<DownFrame> {
  down ??= compileAll(DOWN);
  return decode<DownFrame>(text, down);
}

/** `t` stands first, so that a receiver can tell bulk from control by the first bytes. */
export function encode(frame: UpFrame | DownFrame): string {
  const { t, ...rest } = frame;
  return JSON.stringify({ t, ...rest });
}

/** The `t` of a text that `encode` made, without parsing it; null where it does not stand first. */
export function peekType(text: string): string | null {
  return /^\{"t":"([a-z_]{1,20})"/.exec(text)?.[1] ?? null;
}

function decode<F>(text: string, validators: Map<string, Validator>): Decoded<F> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, failure: { kind: 'bad_json', message: 'The frame is not JSON.' } };
  }
  return check(value, validators);
}

function check<F>(value: unknown, validators: Map<string, Validator>): Decoded<F> {
  if (typeof value !== 'object' || value === null || !('t' in value) || typeof value.t !== 'string') {
    return {
      ok: false,
      failure: { kind: 'bad_frame', message: 'A frame is a JSON object with a string t.', field: 't' },
    };
  }
  const validator = validators.get(value.t);
  if (!validator) {
    const name = value.t.slice(0, 32);
    return { ok: false, failure: { kind: 'unknown_frame', message: `Unknown frame ${name}.`, field: 't' } };
  }
  if (!validator.Check(value)) {
    return { ok: false, failure: { kind: 'invalid_frame', ...firstFault(validator, value) } };
  }
  return { ok: true, frame: value as F };
}

/** Field and limit of the first thing that is wrong. In unions the deepest path tells the most. */
function firstFault(
  validator: Validator,
  value: unknown,
): { message: string; field: string; limit?: number } {
  let best: { instancePath: string; message: string; params?: object } | undefined;
  for (const fault of validator.Errors(value)) {
    if (!best || depth(fault.instancePath) > depth(best.instancePath)) best = fault;
  }
  const field = (best?.instancePath ?? '').slice(1).replaceAll('/', '.') || '(frame)';
  const limit = best?.params && 'limit' in best.params ? best.params.limit : undefined;
  return {
    message: `${field}: ${best?.message ?? 'invalid'}`,
    field,
    ...(typeof limit === 'number' ? { limit } : {}),
  };
}

const depth = (path: string): number => path.split('/').length;
