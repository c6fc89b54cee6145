/** The tray and the outbox together: files leave the one with a message and come back with it. No step between the two can lose one. */
import type { Request } from '@matchbook/protocol/bridge/calls';
import type { OUTBOX_CALLS } from '@matchbook/protocol/bridge/outbox';
import type { Draft, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { LocalStore } from '../local-store/local-store.ts';
import type { FileParts } from './file-parts.ts';

export interface MessageFilesParts {
  files: Pick<FileParts, 'tray' | 'uploads' | 'shelf'>;
  store: LocalStore;
  trayChanged(address: { account: string; conv: string }): void;
  log(line: string): void;
}

export class MessageFiles {
  readonly #parts: MessageFilesParts;

  constructor(parts: MessageFilesParts) {
    this.#parts = parts;
  }

  /** Durable when it answers; the files are sent before the message is. */
  async submit(request: Request<typeof OUTBOX_CALLS, 'outbox.submit'>): Promise<TimelineRow> {
    const { files, store, trayChanged, log } = this.#parts;
    const { attached = [], more, ...message } = request;
    const { account, conv } = message;
    if (attached.length === 0) {
      if (!more?.files?.length) return store.submit(more ? { ...message, more } : message);
      // Passed on before the server has it: this one waits for it too.
      const own = new Set((await files.shelf.owned(account)).map(({ hash }) => hash));
      const waits = more.files.some(({ hash }) => own.has(hash));
      const row = await store.submit({ ...message, more, ...(waits ? { upload: true as const } : {}) });
      if (waits) void files.uploads.look(account);
      return row;
    }
    const tray = files.tray(account);
    const added = await tray.named(conv, attached);
    const row = await store.submit({
      ...{ ...message, upload: true },
      more: { ...more, files: [...(more?.files ?? []), ...added] },
    });
    // The message has them: what a tray still shows after a crash is sent twice at worst.
    await tray.remove(conv, attached).catch((error: unknown) => log(`tray: ${error}`));
    trayChanged({ account, conv });
    void files.uploads.look(account);
    return row;
  }

  /** The text goes to the draft, the files to the tray. */
  async toDraft(request: { account: string; id: string }): Promise<Draft> {
    const { files, store, trayChanged } = this.#parts;
    const { account, id } = request;
    const item = (await store.fileItems(account)).find((one) => one.id === id);
    if (!item) return store.toDraft(request);
    const tray = files.tray(account);
    const before = new Set((await tray.list(item.conv)).map((file) => file.id));
    for (const file of item.files) await tray.add(item.conv, file);
    try {
      const draft = await store.toDraft(request);
      if (!draft.more?.files) return draft;
      // They lie in the tray: other devices have no bytes of what was not sent.
      const { files: _, ...rest } = draft.more;
      const more = Object.keys(rest).length > 0 ? rest : null;
      const { conv } = item;
      const { version } = await store.saveDraft({
        account,
        conv,
        text: draft.text,
        more,
        basis: draft.version,
      });
      const { more: __, ...others } = draft;
      return { ...others, version, ...(more ? { more } : {}) };
    } catch (error) {
      const added = (await tray.list(item.conv)).filter((file) => !before.has(file.id));
      await tray.remove(
        item.conv,
        added.map((file) => file.id),
      );
      throw error;
    } finally {
      trayChanged({ account, conv: item.conv });
    }
  }
}
