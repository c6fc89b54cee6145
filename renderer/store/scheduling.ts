/** Messages for later: kept at the account's server, listed when somebody looks. A text leaves the composer only once the server has it. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { saidIn } from './content.ts';
import type { DraftKeeper } from './draft-keeper.ts';

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

  /** What stands in the composer, sent at `due` (wall clock, ms). Where the server does not take it, everything stays. */
  async put(
    keeper: DraftKeeper,
    message: { text: string; due: number; silent: boolean; mentions: readonly string[] },
  ): Promise<Outcome<null>> {
    const { text, due, silent, mentions } = message;
    const drafted = keeper.state.getState().more;
    const more = mentions.length > 0 ? { ...drafted, mentions: [...mentions] } : drafted;
    const answer = await this.#bridge.call('scheduled.put', {
      ...{ ...keeper.address, id: this.#newId(), text, due },
      ...(more ? { more } : {}),
      ...(silent ? { silent: true as const } : {}),
    });
    if (!answer.ok) return answer;
    // Typed meanwhile: that is the next message.
    const now = keeper.state.getState().text;
    keeper.edit(now.startsWith(text) ? now.slice(text.length).trimStart() : now);
    keeper.accompany(null);
    return answer;
  }

  /** Other words or another time for one that waits. */
  change(account: string, message: ScheduledMessage, text: string, due: number): Promise<Outcome<null>> {
    const { id, conv, silent, body } = message;
    const said = saidIn(body);
    const more = {
      ...(said?.reply == null ? {} : { reply: said.reply }),
      ...(said?.mentions.length ? { mentions: [...said.mentions] } : {}),
      ...(said?.files.length ? { files: [...said.files] } : {}),
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
