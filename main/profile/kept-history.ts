/** What was chosen about history and receipts, in the local store: now, and when it is chosen otherwise. */
import type { LocalStore } from '../local-store/local-store.ts';
import type { Preferences } from './preferences.ts';

export interface KeptHistoryParts {
  preferences: Preferences;
  store: Pick<LocalStore, 'limitHistory' | 'tellReads'>;
  log(line: string): void;
}

export function keepsHistory({ preferences, store, log }: KeptHistoryParts): void {
  let { historyBytes } = preferences.all.storage;
  let told = true;
  const apply = () => {
    const { storage, privacy } = preferences.all;
    const failed = (error: unknown) => log(`history: ${error}`);
    if (storage.historyBytes !== historyBytes) store.limitHistory(storage.historyBytes).catch(failed);
    if (privacy.receipts !== told) store.tellReads(privacy.receipts).catch(failed);
    historyBytes = storage.historyBytes;
    told = privacy.receipts;
  };
  preferences.onChanged(apply);
  apply();
}
