/** Messages for later: kept at the account's server, listed when somebody looks. A text leaves the composer only once the server has it. */
import type { TrayFile } from '@matchbook/protocol/bridge/files';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import type { PagePreview } from '@matchbook/protocol/message-body';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { saidIn } from './content.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import { type Called, calledIn, wordsFor } from './mentions.ts';

export interface Scheduled {
  text: string;
  due: number;
  silent: boolean;
  called: Called;
  preview: PagePreview | null;
  attached: readonly TrayFile[];
}

export class Scheduling {
  readonly #bridge: WindowBridge;
  readonly #newId: () => string;

  constructor({ bridge, newId }: { bridge: WindowBridge; newId: () => string }) {
    this.#bridge = bridge;
    this.#newId = newId;
  }

  list(account: string): Promise<Outcome<ScheduledMessage[]>> {
    return this.#bridge.call('scheduled.list', { account });
  }

  /** The id that a message for later will have. */
  newId(): string {
    return this.#newId();
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
    const answer = await this.#bridge.call('scheduled.put', {
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

  /** Other words or another time for one that waits; `due` 0: it waits no more. */
  change(account: string, message: ScheduledMessage, text: string, due: number): Promise<Outcome<null>> {
    const { id, conv, silent, body } = message;
    const said = saidIn(body);
    const { preview } = shownFiles(body);
    const more = {
      ...(said?.reply == null ? {} : { reply: said.reply }),
      ...(said?.mentions.length ? { mentions: [...said.mentions] } : {}),
      // A word that was taken out calls nobody any more.
      ...calledIn(text, [], wordsFor(said?.audiences)),
      ...(said?.files.length ? { files: [...said.files] } : {}),
      ...(preview ? { preview } : {}),
    };
    return this.#bridge.call('scheduled.put', {
      ...{ account, conv, id, text, due },
      ...(Object.keys(more).length > 0 ? { more } : {}),
      ...(silent ? { silent: true as const } : {}),
    });
  }

  cancel(account: string, id: string): Promise<Outcome<null>> {
    return this.#bridge.call('scheduled.cancel', { account, id });
  }
}
