/**
 * What the person is told until they have seen it. Facts about this computer are told once for all; a loss is told each time that it happens, and
 * outlives a restart until it was seen.
 */
import { LOSSES, type Loss, type Notice } from '@matchbook/protocol/bridge/views';
import type { SettingsStore } from './profile/settings.ts';

export interface NoticesParts {
  settings: SettingsStore;
  /** Facts as they are now. */
  facts(): Notice[];
  changed(): void;
}

export class Notices {
  #parts: NoticesParts;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  present(): Notice[] {
    const { losses, dismissed } = this.#parts.settings.data;
    return [...losses, ...this.#parts.facts().filter(({ id }) => !dismissed.includes(id))];
  }

  /** A loss: kept until it was seen. The newest of a kind stands for it. */
  async raise(...found: readonly Loss[]): Promise<void> {
    if (found.length === 0) return;
    const ids = found.map(({ id }) => id);
    await this.#parts.settings.update((settings) => {
      settings.losses = [...settings.losses.filter(({ id }) => !ids.includes(id)), ...found];
    });
    this.#parts.changed();
  }

  /** What it told of is mended, or the person has seen it. */
  async dismiss(id: string): Promise<void> {
    await this.#parts.settings.update((settings) => {
      if (LOSSES.includes(id as Loss['id']))
        settings.losses = settings.losses.filter((loss) => loss.id !== id);
      else if (!settings.dismissed.includes(id)) settings.dismissed.push(id);
    });
    this.#parts.changed();
  }
}
