/** One or more values a key. Most keys have one, and there may be many keys: only further values cost a set. */
export class ManyMap<K, V extends object> {
  readonly #map = new Map<K, V | Set<V>>();

  add(key: K, value: V): void {
    const there = this.#map.get(key);
    if (there === undefined || there === value) this.#map.set(key, value);
    else if (there instanceof Set) there.add(value);
    else this.#map.set(key, new Set([there, value]));
  }

  /** Whether it was there. */
  delete(key: K, value: V): boolean {
    const there = this.#map.get(key);
    if (there === value) return this.#map.delete(key);
    if (!(there instanceof Set) || !there.delete(value)) return false;
    const [last] = there;
    if (there.size === 1) this.#map.set(key, last!);
    return true;
  }

  /** In the order in which they came. */
  of(key: K): readonly V[] {
    const there = this.#map.get(key);
    if (there === undefined) return NOTHING;
    return there instanceof Set ? [...there] : [there];
  }

  count(key: K): number {
    const there = this.#map.get(key);
    if (there === undefined) return 0;
    return there instanceof Set ? there.size : 1;
  }
}

const NOTHING: readonly never[] = [];
