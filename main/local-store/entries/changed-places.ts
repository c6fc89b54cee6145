import { CHANGED_PLACES } from '@matchbook/protocol/bridge/app';

/** Which rows of which conversations changed: the places, or any of them where that is not known or they are many. A window asks for what it shows, and for nothing else. */
export class ChangedPlaces {
  readonly #places = new Map<string, Set<number> | null>();

  get convs(): string[] {
    return [...this.#places.keys()];
  }

  /** @param places none where only what is said of the conversation itself changed; null: any row */
  add(conv: string, places: Iterable<number> | null): void {
    const known = this.#places.get(conv);
    if (known === null) return;
    if (places === null) {
      this.#places.set(conv, null);
      return;
    }
    const all = known ?? new Set<number>();
    for (const n of places) {
      all.add(n);
      if (all.size > CHANGED_PLACES) {
        this.#places.set(conv, null);
        return;
      }
    }
    this.#places.set(conv, all);
  }

  /** As it is told: all conversations, and the places of those of which they are known. */
  told(): { convs: string[]; places: Record<string, number[]> } {
    const places: Record<string, number[]> = {};
    for (const [conv, known] of this.#places) if (known) places[conv] = [...known];
    return { convs: this.convs, places };
  }

  /** Null where any row may have changed. */
  of(conv: string): number[] | null {
    const places = this.#places.get(conv);
    return places ? [...places] : null;
  }
}

/** The range after one place up to another, null where it is long. */
export function placesBetween(after: number, to: number): number[] | null {
  if (to - after > CHANGED_PLACES) return null;
  return Array.from({ length: Math.max(0, to - after) }, (_, i) => after + 1 + i);
}
