/** Parameters of a URL, read strictly: what is there must be right. */
import { checkTexts, problem } from '../problems.ts';

type Query = Record<string, unknown>;

/** @throws FailureError `invalid_field` naming the parameter and the limit that it broke */
export function integerIn<T extends number | null = never>(
  query: Query,
  field: string,
  bounds: { min: number; max: number; default?: T },
): number | T {
  const value = query[field];
  const { min, max } = bounds;
  if (value === undefined && bounds.default !== undefined) return bounds.default;
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  const limit = number > max ? max : min;
  throw problem('invalid_field', `${field}: a whole number from ${min} to ${max}.`, { field, limit });
}

/** Empty where it is not given. */
export function textIn(query: Query, field: string, limit: number): string {
  const { [field]: value = '' } = query;
  if (typeof value !== 'string' || value.length > limit)
    throw problem('invalid_field', `${field}: text of at most ${limit} characters.`, { field, limit });
  checkTexts(value, field);
  return value;
}

/** The first one where it is not given. */
export function oneOf<T extends string>(query: Query, field: string, values: readonly [T, ...T[]]): T {
  const value = query[field];
  if (value === undefined) return values[0];
  const found = values.find((one) => one === value);
  if (found === undefined)
    throw problem('invalid_field', `${field}: one of ${values.join(', ')}.`, { field });
  return found;
}
