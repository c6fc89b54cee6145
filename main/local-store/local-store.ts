import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Loss } from '@matchbook/protocol/bridge/views';
import type { AccountIdentity } from './account-store.ts';
import { ComposingFace } from './composing-face.ts';
import type { CallAnswer, CallRequest } from './messages.ts';
import { type ChangedListener, type LocalStoreOptions, StoreLink } from './store-link.ts';

export { StoreError } from './files/store-error.ts';
export type { LocalStoreOptions, StoreThread } from './store-link.ts';

export function openLocalStore(options: LocalStoreOptions): LocalStore {
  return new LocalStore(options);
}

/**
 * Main's face of the local store. Every method is one message to the worker and its answer; a failure is a `StoreError` that
 * carries a `LocalFailure`. No answer within 30 s, or a thread that died, is `store_failed`: what was asked may have been done,
 * and asking again under the same ids is safe. A dead thread is started anew with the next request, its accounts opened first.
 */
export class LocalStore extends ComposingFace {
  constructor(options: LocalStoreOptions) {
    super(new StoreLink(options));
  }

  /**
   * Opens, and where needed creates or puts right, the files of an account; answers with what the person should know.
   *
   * @param aside is renamed first, and made anew of what can be read of it
   * @throws StoreError whose failure says in `store` which file it was and why
   */
  async openAccount(identity: AccountIdentity, aside: 'outbox' | 'history' | null = null): Promise<Loss[]> {
    const notices = await this.link.ask('openAccount', { ...identity, ...(aside ? { aside } : {}) });
    this.link.keep(identity);
    return notices;
  }

  async closeAccount(account: string): Promise<void> {
    this.link.drop(account);
    await this.link.ask('closeAccount', { account });
  }

  /** Makes a direct conversation, or with null the notes to self, known; creates it in the log where that has not told of it. */
  ensureDirect(request: CallRequest<'ensureDirect'>): Promise<{ conv: string }> {
    return this.link.ask('ensureDirect', request);
  }

  /** @param convs those that are asked for; all where absent */
  listConversations(
    account: string,
    convs: readonly string[] | null = null,
  ): Promise<CallAnswer<'listConversations'>> {
    return this.link.ask('listConversations', { account, convs });
  }

  timelinePage(request: CallRequest<'timelinePage'>): Promise<CallAnswer<'timelinePage'>> {
    return this.link.ask('timelinePage', request);
  }

  timelineLines(request: CallRequest<'timelineLines'>): Promise<CallAnswer<'timelineLines'>> {
    return this.link.ask('timelineLines', request);
  }

  /** The way of one message so far. */
  passport(request: CallRequest<'passport'>): Promise<CallAnswer<'passport'>> {
    return this.link.ask('passport', request);
  }

  /** Full-text search over what is on this device. `invalid_field` where nothing is asked for. */
  search(request: CallRequest<'search'>): Promise<CallAnswer<'search'>> {
    return this.link.ask('search', request);
  }

  pinnedMessages(request: CallRequest<'pinnedMessages'>): Promise<CallAnswer<'pinnedMessages'>> {
    return this.link.ask('pinnedMessages', request);
  }

  thread(request: CallRequest<'thread'>): Promise<CallAnswer<'thread'>> {
    return this.link.ask('thread', request);
  }

  savedMessages(request: CallRequest<'savedMessages'>): Promise<CallAnswer<'savedMessages'>> {
    return this.link.ask('savedMessages', request);
  }

  datedPlace(request: CallRequest<'datedPlace'>): Promise<CallAnswer<'datedPlace'>> {
    return this.link.ask('datedPlace', request);
  }

  knownPeople(account: string): Promise<CallAnswer<'knownPeople'>> {
    return this.link.ask('knownPeople', { account });
  }

  group(request: CallRequest<'group'>): Promise<CallAnswer<'group'>> {
    return this.link.ask('group', request);
  }

  untoldGroups(account: string): Promise<string[]> {
    return this.link.ask('untoldGroups', { account });
  }

  async learnGroup(request: CallRequest<'learnGroup'>): Promise<void> {
    await this.link.ask('learnGroup', request);
  }

  /** Files or links of a conversation. */
  shared(request: CallRequest<'shared'>): Promise<CallAnswer<'shared'>> {
    return this.link.ask('shared', request);
  }

  async markUnread(request: CallRequest<'markUnread'>): Promise<void> {
    await this.link.ask('markUnread', request);
  }

  async markRead(request: CallRequest<'markRead'>): Promise<void> {
    await this.link.ask('markRead', request);
  }

  cursor(account: string): Promise<string | null> {
    return this.link.ask('cursor', { account });
  }

  storeFrame({ account, raw }: { account: string; raw: Uint8Array }): Promise<CallAnswer<'storeFrames'>> {
    return this.storeFrames({ account, raws: [raw] });
  }

  /** `entries`, `heads` or `page` frames as UTF-8, in order, in one transaction. */
  storeFrames(request: CallRequest<'storeFrames'>): Promise<CallAnswer<'storeFrames'>> {
    return this.link.ask('storeFrames', request);
  }

  outbox(account: string): Promise<CallAnswer<'outbox'>> {
    return this.link.ask('outbox', { account });
  }

  /** Freezes before anything goes on a wire; answers with those that may go. */
  release(request: CallRequest<'release'>): Promise<{ ids: string[] }> {
    return this.link.ask('release', request);
  }

  async acked(request: CallRequest<'acked'>): Promise<void> {
    await this.link.ask('acked', request);
  }

  async refused(request: CallRequest<'refused'>): Promise<void> {
    await this.link.ask('refused', request);
  }

  async saved(request: CallRequest<'saved'>): Promise<void> {
    await this.link.ask('saved', request);
  }

  unsaved(account: string): Promise<{ ids: string[] }> {
    return this.link.ask('unsaved', { account });
  }

  /** What is new after places in conversations: for notifications. */
  news(request: CallRequest<'news'>): Promise<CallAnswer<'news'>> {
    return this.link.ask('news', request);
  }

  /** Unread messages, and the conversations that have some, without what is muted. */
  unread(account: string): Promise<CallAnswer<'unread'>> {
    return this.link.ask('unread', { account });
  }

  holes(request: CallRequest<'holes'>): Promise<CallAnswer<'holes'>> {
    return this.link.ask('holes', request);
  }

  /** Those of some places of which all is still to be filled. */
  stillToFill(request: CallRequest<'stillToFill'>): Promise<CallAnswer<'stillToFill'>> {
    return this.link.ask('stillToFill', request);
  }

  /** Counts for the diagnostics window. */
  depths(account: string): Promise<CallAnswer<'depths'>> {
    return this.link.ask('depths', { account });
  }

  /** Bytes that each account's history.db may have. Outbox and drafts are not counted, and never given up. */
  async limitHistory(bytes: number): Promise<void> {
    this.link.limit(bytes);
    await this.link.ask('limitHistory', { bytes });
  }

  /** Whether others are told what was read here. */
  async tellReads(on: boolean): Promise<void> {
    this.link.receipts(on);
    await this.link.ask('tellReads', { on });
  }

  /** Bytes that an account's history has on this device, and the messages in it. */
  historyUse(account: string): Promise<CallAnswer<'historyUse'>> {
    return this.link.ask('historyUse', { account });
  }

  async clearHistory(account: string): Promise<void> {
    await this.link.ask('clearHistory', { account });
  }

  /** Until it is called with false, or the account is closed, no room is made in this history. */
  async keepHistory(account: string, on: boolean): Promise<void> {
    await this.link.ask('keepHistory', { account, on });
  }

  /** Ranges of places up to `to` that are not on this device. */
  missingPlaces(request: CallRequest<'missingPlaces'>): Promise<CallAnswer<'missingPlaces'>> {
    return this.link.ask('missingPlaces', request);
  }

  /** Each answers with the function that stops listening. */
  onChanged(listener: ChangedListener): () => void {
    return this.link.onChanged(listener);
  }

  onOutboxChanged(listener: (account: string) => void): () => void {
    return this.link.onOutboxChanged(listener);
  }

  onHolesChanged(listener: (account: string) => void): () => void {
    return this.link.onHolesChanged(listener);
  }

  /** Drafts that another device changed. */
  onDraftsChanged(listener: (account: string, convs: string[]) => void): () => void {
    return this.link.onDraftsChanged(listener);
  }

  /** Damage found, and put right as far as possible, after the account was opened. */
  onNotices(listener: (account: string, notices: Loss[]) => void): () => void {
    return this.link.onNotices(listener);
  }

  /** An account was open, and after its thread had to be started anew it cannot be opened. */
  onClosed(listener: (account: string, failure: LocalFailure) => void): () => void {
    return this.link.onClosed(listener);
  }

  /** Closes the files in order and ends the thread. What comes later fails. */
  close(): Promise<void> {
    return this.link.close();
  }
}
