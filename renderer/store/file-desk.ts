/** What a window does with files: the trays of its composers, what is on its way, what is being saved, what is looked at. */
import type { Attached, FileFacts, Saving, Transfer, TrayFile } from '@matchbook/protocol/bridge/files';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { FileReference, PagePreview } from '@matchbook/protocol/message-body';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Address, addressKey } from './state.ts';

/** A picture or film that fills the window. */
export interface Looking {
  address: Address;
  /** Place of the message; null while it has none. */
  n: number | null;
  /** Of a message that has none: of its row. */
  key: string | null;
  hash: string;
}

export interface FileState {
  /** By address; absent until it was asked for. */
  trays: Readonly<Record<string, readonly TrayFile[]>>;
  /** What could not be attached, by address, until the person has seen it. */
  refused: Readonly<Record<string, Attached['refused']>>;
  /** Files that are being copied in, by address. */
  copying: Readonly<Record<string, number>>;
  /** By id of the outbox item. */
  transfers: Readonly<Record<string, Transfer>>;
  /** By hash of the file: the last that was saved or is being saved. */
  savings: Readonly<Record<string, Saving>>;
  looking: Looking | null;
  /** What one wanted to drag out and is not on this device yet, or is since. */
  dragged: { name: string; here: boolean } | null;
}

/** What is here sooner than this is dragged without a word, ms. */
const AT_ONCE = 400;

/** Refused files that are remembered for one conversation. */
const REFUSED = 1_000;

export type ShownFile = Pick<FileReference, 'hash' | 'name' | 'size'>;

export class FileDesk {
  readonly state: StoreApi<FileState>;
  readonly #bridge: WindowBridge;
  readonly #failed: (failure: LocalFailure) => void;
  readonly #off: (() => void)[];
  readonly #known = new Set<string>();
  /** By conversation, how many of those that are copied were chosen in a dialog. */
  readonly #chosen = new Map<string, number>();
  /** Pieces of recordings, one after the other. */
  #recording: Promise<void> = Promise.resolve();
  /** By id of a saving, the hash of its file. */
  readonly #saved = new Map<string, string>();

  constructor(bridge: WindowBridge, failed: (failure: LocalFailure) => void) {
    this.#bridge = bridge;
    this.#failed = failed;
    this.state = createStore<FileState>(() => ({
      ...{ trays: {}, refused: {}, copying: {}, transfers: {}, savings: {}, looking: null, dragged: null },
    }));
    this.#off = [
      bridge.on('files.tray', (address) => {
        if (this.state.getState().trays[addressKey(address)]) void this.tray(address);
      }),
      bridge.on('files.chosen', ({ count, ...address }) => {
        const key = addressKey(address);
        this.#chosen.set(key, (this.#chosen.get(key) ?? 0) + count);
        this.#copying(key, count);
      }),
      bridge.on('files.transfers', ({ account, transfers }) => this.#transfers(account, transfers)),
      bridge.on('files.saving', (saving) => this.#saving(saving)),
    ];
  }

  /** Asks for the tray of a conversation. */
  async tray(address: Address): Promise<void> {
    const answer = await this.#bridge.call('files.tray', { ...address });
    if (answer.ok) this.#setTray(address, answer.value);
  }

  /** Asks how far the files of an account's messages are; later it is told. */
  async follow(account: string): Promise<void> {
    if (this.#known.has(account)) return;
    this.#known.add(account);
    const answer = await this.#bridge.call('files.transfers', { account });
    if (answer.ok) this.#transfers(account, answer.value);
    else this.#known.delete(account);
  }

  choose(address: Address): Promise<void> {
    // None yet: main tells how many were chosen, once the dialog is closed.
    return this.#attach(address, 0, () => this.#bridge.call('files.choose', { ...address }));
  }

  /** Files of the page: what lies on the disk goes by its place there, the rest by its bytes. */
  async give(address: Address, files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const drop = this.#bridge.drop;
    let rest = files;
    if (drop) {
      let pathless: number[] = [];
      await this.#attach(address, files.length, async () => {
        const answer = await drop(address, files);
        pathless = answer.pathless;
        return answer.outcome;
      });
      rest = pathless.map((i) => files[i]!);
    }
    for (const file of rest) await this.hand(address, file.name, file);
  }

  /** Bytes that have no file. Answers with the files that are new in the tray. */
  async hand(
    address: Address,
    name: string,
    bytes: Blob,
    facts?: FileFacts,
    recording?: string,
  ): Promise<readonly TrayFile[]> {
    const before = new Set(this.#trayOf(address).map(({ id }) => id));
    await this.#attach(address, 1, async () =>
      this.#bridge.call('files.hand', {
        ...{ ...address, name: name || 'file', bytes: new Uint8Array(await bytes.arrayBuffer()) as never },
        ...(facts ? { facts } : {}),
        ...(recording === undefined ? {} : { recording }),
      }),
    );
    return this.#trayOf(address).filter(({ id }) => !before.has(id));
  }

  /** A further piece of a recording, in the order of the pieces. Where it cannot be kept the recording goes on: the window has all of it. */
  async record(address: Address, id: string, piece: Blob, levels: readonly number[]): Promise<void> {
    const before = this.#recording;
    this.#recording = before.then(async () => {
      const bytes = new Uint8Array(await piece.arrayBuffer()) as never;
      await this.#bridge.call('files.record', {
        ...{ account: address.account, conv: address.conv, id },
        ...{ bytes, levels: [...levels] },
      });
    });
    await this.#recording;
  }

  /** It is not wanted any more. */
  async discardRecording(account: string, id: string): Promise<void> {
    await this.#recording;
    await this.#bridge.call('files.discardRecording', { account, id });
  }

  async describe(address: Address, id: string, facts: FileFacts): Promise<void> {
    const tray = this.#trayOf(address).map((file) =>
      file.id === id ? { ...file, ...(facts as Partial<TrayFile>) } : file,
    );
    this.#setTray(address, tray);
    await this.#bridge.call('files.describe', { ...address, id, facts });
  }

  async detach(address: Address, id: string): Promise<void> {
    const answer = await this.#bridge.call('files.detach', { ...address, id });
    if (answer.ok) this.#setTray(address, answer.value);
    else this.#failed(answer.failure);
  }

  /** They went with a message: the tray is empty of them before main says so. */
  taken(address: Address, ids: readonly string[]): void {
    this.#setTray(
      address,
      this.#trayOf(address).filter(({ id }) => !ids.includes(id)),
    );
  }

  closeRefused(address: Address): void {
    const key = addressKey(address);
    if (!this.state.getState().refused[key]?.length) return;
    this.state.setState(({ refused }) => ({ refused: { ...refused, [key]: [] } }));
  }

  async save(account: string, { hash, name, size }: ShownFile): Promise<void> {
    const answer = await this.#bridge.call('files.save', { account, hash, name, size });
    if (!answer.ok) this.#failed(answer.failure);
    else if (answer.value) {
      this.#saved.set(answer.value.id, hash);
      this.state.setState(({ savings }) => ({ savings: { ...savings, [hash]: answer.value! } }));
    }
  }

  async cancelSave(id: string): Promise<void> {
    await this.#bridge.call('files.cancelSave', { id });
  }

  reveal(id: string): Promise<void> {
    return this.#told(this.#bridge.call('files.reveal', { id }));
  }

  async copyImage(account: string, hash: string): Promise<boolean> {
    const answer = await this.#bridge.call('files.copyImage', { account, hash });
    if (!answer.ok) this.#failed(answer.failure);
    return answer.ok;
  }

  /** Out of the window. What is not on this device is fetched, and dragged where the pointer still holds it then; else the person is told that it can be now. */
  async drag(account: string, { hash, name, size }: ShownFile, holds: () => boolean): Promise<void> {
    const drag = () => this.#bridge.call('files.drag', { account, hash, name, size });
    let answer: Outcome<unknown> = await drag();
    if (answer.ok || answer.failure.kind !== 'file_not_here') {
      this.forgetDragged();
      if (!answer.ok) this.#failed(answer.failure);
      return;
    }
    const coming = { name, here: false };
    const timer = setTimeout(() => this.state.setState({ dragged: coming }), AT_ONCE);
    answer = await this.#bridge.call('files.fetch', { account, hash });
    clearTimeout(timer);
    if (answer.ok && holds()) answer = await drag();
    else if (answer.ok) {
      this.state.setState({ dragged: { name, here: true } });
      return;
    }
    // Meanwhile it may be said of another one.
    if (this.state.getState().dragged === coming) this.forgetDragged();
    if (!answer.ok) this.#failed(answer.failure);
  }

  forgetDragged(): void {
    if (this.state.getState().dragged) this.state.setState({ dragged: null });
  }

  /** Why it is not shown. */
  async why(account: string, hash: string): Promise<LocalFailure | null> {
    const answer = await this.#bridge.call('files.look', { account, hash });
    return answer.ok ? answer.value.failure : answer.failure;
  }

  preview(account: string, url: string): Promise<Outcome<PagePreview | null>> {
    return this.#bridge.call('files.preview', { account, url });
  }

  /** @returns whether the microphone may be used now */
  async microphone(on: boolean): Promise<boolean> {
    return (await this.#bridge.call('files.microphone', { on })).ok;
  }

  setAvatar(account: string, bytes: Uint8Array | null): Promise<Outcome<unknown>> {
    return this.#bridge.call('files.setAvatar', { account, bytes: bytes as never });
  }

  setPicture(address: Address, id: string, bytes: Uint8Array | null): Promise<Outcome<unknown>> {
    return this.#bridge.call('files.setPicture', { ...address, id, bytes: bytes as never });
  }

  /** Bytes of copies on this device. */
  kept(): Promise<Outcome<{ bytes: number; limit: number }>> {
    return this.#bridge.call('files.kept', {});
  }

  /** Gives up every copy of what servers have. */
  forget(): Promise<Outcome<{ bytes: number; limit: number }>> {
    return this.#bridge.call('files.forget', {});
  }

  look(looking: Looking | null): void {
    this.state.setState({ looking });
  }

  close(): void {
    for (const off of this.#off) off();
  }

  async #attach(
    address: Address,
    files: number,
    ask: () => Promise<Outcome<Attached> | null>,
  ): Promise<void> {
    const key = addressKey(address);
    this.#copying(key, files);
    try {
      const answer = await ask();
      if (!answer) return;
      if (!answer.ok) {
        this.#failed(answer.failure);
        return;
      }
      this.#setTray(address, answer.value.tray);
      this.state.setState(({ refused }) => ({
        refused: { ...refused, [key]: [...(refused[key] ?? []), ...answer.value.refused].slice(-REFUSED) },
      }));
    } finally {
      this.#copying(key, -files - (files === 0 ? (this.#chosen.get(key) ?? 0) : 0));
      if (files === 0) this.#chosen.delete(key);
    }
  }

  #copying(key: string, by: number): void {
    this.state.setState(({ copying }) => ({ copying: { ...copying, [key]: (copying[key] ?? 0) + by } }));
  }

  #trayOf(address: Address): readonly TrayFile[] {
    return this.state.getState().trays[addressKey(address)] ?? [];
  }

  #setTray(address: Address, tray: readonly TrayFile[]): void {
    this.state.setState(({ trays }) => ({ trays: { ...trays, [addressKey(address)]: tray } }));
  }

  #transfers(account: string, transfers: readonly Transfer[]): void {
    this.#known.add(account);
    const of = (id: string) => `${account}/${id}`;
    this.state.setState((state) => ({
      transfers: {
        ...Object.fromEntries(
          Object.entries(state.transfers).filter(([name]) => !name.startsWith(`${account}/`)),
        ),
        ...Object.fromEntries(transfers.map((transfer) => [of(transfer.id), transfer])),
      },
    }));
  }

  #saving(saving: Saving): void {
    const hash = this.#saved.get(saving.id);
    // Of another window.
    if (hash === undefined) return;
    this.state.setState(({ savings }) => ({ savings: { ...savings, [hash]: saving } }));
  }

  async #told(answer: Promise<Outcome<unknown>>): Promise<void> {
    const got = await answer;
    if (!got.ok) this.#failed(got.failure);
  }
}
