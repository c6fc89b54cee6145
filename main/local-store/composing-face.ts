import type { CallAnswer, CallRequest } from './messages.ts';
import type { StoreLink } from './store-link.ts';

/** Of main's face of the local store, what a person composes: the outbox, drafts, and texts that were begun. See LocalStore for how its methods answer. */
export class ComposingFace {
  protected readonly link: StoreLink;

  constructor(link: StoreLink) {
    this.link = link;
  }

  /** Durable when it answers. On any failure the draft is as it was: invalid_text, body_too_large, outbox_full, disk_full, id_conflict. */
  submit(request: CallRequest<'submit'>): Promise<CallAnswer<'submit'>> {
    return this.link.ask('submit', request);
  }

  /** Anything else for the log; see OUTBOX_CALLS for this and what follows. */
  append(request: CallRequest<'append'>): Promise<CallAnswer<'append'>> {
    return this.link.ask('append', request);
  }

  uploaded(request: CallRequest<'uploaded'>): Promise<null> {
    return this.link.ask('uploaded', request);
  }

  uploadAgain(request: CallRequest<'uploadAgain'>): Promise<boolean> {
    return this.link.ask('uploadAgain', request);
  }

  uploadFailed(request: CallRequest<'uploadFailed'>): Promise<null> {
    return this.link.ask('uploadFailed', request);
  }

  /** Items of the outbox that have files, in the order of release. */
  fileItems(account: string): Promise<CallAnswer<'fileItems'>> {
    return this.link.ask('fileItems', { account });
  }

  edit(request: CallRequest<'edit'>): Promise<CallAnswer<'edit'>> {
    return this.link.ask('edit', request);
  }

  hold(request: CallRequest<'hold'>): Promise<null> {
    return this.link.ask('hold', request);
  }

  sendNow(request: CallRequest<'sendNow'>): Promise<null> {
    return this.link.ask('sendNow', request);
  }

  toDraft(request: CallRequest<'toDraft'>): Promise<CallAnswer<'toDraft'>> {
    return this.link.ask('toDraft', request);
  }

  discard(request: CallRequest<'discard'>): Promise<CallAnswer<'discard'>> {
    return this.link.ask('discard', request);
  }

  retry(request: CallRequest<'retry'>): Promise<CallAnswer<'retry'>> {
    return this.link.ask('retry', request);
  }

  waitingItems(account: string): Promise<CallAnswer<'waitingItems'>> {
    return this.link.ask('waitingItems', { account });
  }

  unsent(account: string): Promise<CallAnswer<'unsent'>> {
    return this.link.ask('unsent', { account });
  }

  waitingCount(account: string): Promise<CallAnswer<'waitingCount'>> {
    return this.link.ask('waitingCount', { account });
  }

  readDraft(request: CallRequest<'readDraft'>): Promise<CallAnswer<'readDraft'>> {
    return this.link.ask('readDraft', request);
  }

  saveDraft(request: CallRequest<'saveDraft'>): Promise<CallAnswer<'saveDraft'>> {
    return this.link.ask('saveDraft', request);
  }

  /** Puts the saved text in line for the other devices of this account. */
  async shareDraft(request: CallRequest<'shareDraft'>): Promise<void> {
    await this.link.ask('shareDraft', request);
  }

  chooseDraft(request: CallRequest<'chooseDraft'>): Promise<CallAnswer<'chooseDraft'>> {
    return this.link.ask('chooseDraft', request);
  }

  earlierTexts(request: CallRequest<'earlierTexts'>): Promise<CallAnswer<'earlierTexts'>> {
    return this.link.ask('earlierTexts', request);
  }

  restoreText(request: CallRequest<'restoreText'>): Promise<CallAnswer<'restoreText'>> {
    return this.link.ask('restoreText', request);
  }

  refusedLater(request: CallRequest<'refusedLater'>): Promise<CallAnswer<'refusedLater'>> {
    return this.link.ask('refusedLater', request);
  }

  begunWords(request: CallRequest<'begunWords'>): Promise<CallAnswer<'begunWords'>> {
    return this.link.ask('begunWords', request);
  }

  keepBegun(request: CallRequest<'keepBegun'>): Promise<CallAnswer<'keepBegun'>> {
    return this.link.ask('keepBegun', request);
  }
}
