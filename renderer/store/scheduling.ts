/** Messages for later: kept at the account's server, listed when somebody looks. A text leaves the composer only once the server has it. */
import type { Request } from '@matchbook/protocol/bridge/calls';
import type { TrayFile } from '@matchbook/protocol/bridge/files';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { WINDOW_CALLS, WindowBridge } from '@matchbook/protocol/bridge/window';
import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import type { PagePreview } from '@matchbook/protocol/message-body';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BegunWords } from './begun-words.ts';
import { saidIn } from './content.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import { type Called, calledIn, type Person, wordsFor } from './mentions.ts';
import type { Address } from './state.ts';

export interface Scheduled {
  text: string;
  due: number;
  silent: boolean;
  called: Called;
  preview: PagePreview | null;
  attached: readonly TrayFile[];
}

export interface SchedulingPorts {
  bridge: WindowBridge;
  newId: () => string;
  begun: BegunWords;
  /** Whoever else is in a conversation and has a name; null where it is not known here. */
  peopleOf(address: Address): readonly Person[] | null;
}

export class Scheduling {
  /** How often this window asked for something else than there was: who shows the list asks for it anew. */
  readonly state: StoreApi<Readonly<{ changes: number }>> = createStore(() => ({ changes: 0 }));
  readonly #ports: SchedulingPorts;

  constructor(ports: SchedulingPorts) {
    this.#ports = ports;
  }

  async list(account: string): Promise<Outcome<ScheduledMessage[]>> {
    await this.#ports.begun.follow([account]);
    const answer = await this.#ports.bridge.call('scheduled.list', { account });
    if (answer.ok)
      this.#ports.begun.scheduled(
        account,
        answer.value.map(({ id }) => id),
      );
    return answer;
  }

  /** The id that a message for later will have. */
  newId(): string {
    return this.#ports.newId();
  }

  /** What stands in the composer, sent at `due` (wall clock, ms). Its files are brought first. Where the server does not take it, everything stays. */
  async put(keeper: DraftKeeper, id: string, message: Scheduled): Promise<Outcome<null>> {
    const { text, due, silent, called, preview, attached } = message;
    const { mentions: _, audiences: __, ...drafted } = keeper.state.getState().more ?? {};
    const more = {
      ...drafted,
      ...called,
      ...(preview ? { preview } : {}),
    };
    const answer = await this.#put({
      ...{ ...keeper.address, id, text, due },
      ...(Object.keys(more).length > 0 ? { more } : {}),
      ...(silent ? { silent: true as const } : {}),
      ...(attached.length > 0 ? { attached: attached.map((file) => file.id) } : {}),
    });
    if (!answer.ok) return answer;
    // Typed meanwhile: that is the next message.
    const now = keeper.state.getState().text;
    keeper.edit(now.startsWith(text) ? now.slice(text.length).trimStart() : now);
    keeper.accompany(null);
    return answer;
  }

  /**
   * Other words or another time for one that waits; `due` 0: it waits no more. Who is named is told, and who was taken out is not. Where another device gave it other
   * words than `message` has, those stay, and that is the answer.
   *
   * @param everyone the word for all of a group; null in a direct conversation
   */
  change(
    account: string,
    message: ScheduledMessage,
    text: string,
    due: number,
    everyone: string | null = null,
  ): Promise<Outcome<null>> {
    const { id, conv, silent, body } = message;
    const said = saidIn(body);
    const { preview } = shownFiles(body);
    const people = this.#ports.peopleOf({ account, conv });
    // The word it was written with stays one, whichever language the app speaks now.
    const before = wordsFor(said?.audiences);
    const called = calledIn(text, people ?? [], everyone === null ? before : [everyone, ...before]);
    const more = {
      ...(said?.reply == null ? {} : { reply: said.reply }),
      ...(people === null && said?.mentions.length ? { mentions: [...said.mentions] } : {}),
      ...called,
      ...(said?.files.length ? { files: [...said.files] } : {}),
      ...(preview ? { preview } : {}),
    };
    return this.#put({
      ...{ account, conv, id, text, due, change: true as const, was: body },
      ...(Object.keys(more).length > 0 ? { more } : {}),
      ...(silent ? { silent: true as const } : {}),
    });
  }

  async cancel(account: string, id: string): Promise<Outcome<null>> {
    const answer = await this.#ports.bridge.call('scheduled.cancel', { account, id });
    this.#changed();
    return answer;
  }

  async #put(message: Request<typeof WINDOW_CALLS, 'scheduled.put'>): Promise<Outcome<null>> {
    const answer = await this.#ports.bridge.call('scheduled.put', message);
    this.#changed();
    return answer;
  }

  /** Also where it was refused: then the server may have another one than was shown. */
  #changed(): void {
    this.state.setState(({ changes }) => ({ changes: changes + 1 }));
  }
}
