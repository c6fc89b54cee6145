/** A value of which a part is not what its schema says: that part is replaced or left out, and all the rest stays. Pure. */
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

/** What stands for a part that cannot be read; for an object by its keys, for the items of an array a function of the item. */
export type Fallback = unknown;

export interface Mended {
  value: unknown;
  /** Places of what was replaced or left out, as `accounts.0.standing`. */
  places: string[];
}

/** The keywords of JSON Schema that the settings are made of. */
interface Schema {
  type?: string;
  properties?: Record<string, TSchema>;
  patternProperties?: Record<string, TSchema>;
  additionalProperties?: unknown;
  items?: TSchema;
  anyOf?: TSchema[];
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns null where nothing of it can be kept */
export function mended(
  schema: TSchema,
  value: unknown,
  fallback?: Fallback,
  at: string[] = [],
): Mended | null {
  if (Check(schema, value)) return { value, places: [] };
  const { type, properties, patternProperties, additionalProperties, items, anyOf } = schema as Schema;
  let found: Mended | null = null;
  if (anyOf)
    found = anyOf.reduce<Mended | null>((best, one) => best ?? mended(one, value, fallback, at), null);
  else if (type === 'object' && isFields(value)) {
    const all = properties ?? {};
    const [ofEach] = Object.values(patternProperties ?? {});
    const known = (key: string) => (Object.hasOwn(all, key) ? all[key] : ofEach);
    found = mendedFields(
      value,
      known,
      additionalProperties === false,
      isFields(fallback) ? fallback : {},
      at,
    );
  } else if (type === 'array' && Array.isArray(value) && items)
    found = mendedItems(value, items, fallback, at);
  return found && Check(schema, found.value) ? found : null;
}

function mendedFields(
  value: Fields,
  known: (key: string) => TSchema | undefined,
  closed: boolean,
  fallback: Fields,
  at: string[],
): Mended {
  const whole: Fields = {};
  for (const [key, part] of Object.entries(fallback)) whole[key] = typeof part === 'function' ? [] : part;
  const places: string[] = [];
  for (const [key, part] of Object.entries(value)) {
    const schema = known(key);
    // What a newer version has added stays, where there is room for it.
    const one = schema
      ? mended(schema, part, fallback[key], [...at, key])
      : closed
        ? null
        : { value: part, places: [] };
    if (one) whole[key] = one.value;
    places.push(...(one?.places ?? [[...at, key].join('.')]));
  }
  return { value: whole, places };
}

function mendedItems(value: unknown[], items: TSchema, fallback: Fallback, at: string[]): Mended {
  const kept = value.map((item, i) => {
    const own: Fallback = typeof fallback === 'function' && isFields(item) ? fallback(item) : undefined;
    return (
      mended(items, item, own, [...at, String(i)]) ?? { value: items, places: [[...at, String(i)].join('.')] }
    );
  });
  return {
    value: kept.flatMap((one) => (one.value === items ? [] : [one.value])),
    places: kept.flatMap((one) => one.places),
  };
}
