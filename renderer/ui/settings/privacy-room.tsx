import type { Preferences } from '@matchbook/protocol/bridge/preferences';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import type { RoomProps } from './room.ts';

export function PrivacyRoom({ known, change }: RoomProps) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const accounts = useKnown((state) => state.app?.accounts) ?? [];
  const [error, setError] = useState<string | null>(null);
  const { privacy } = known;
  const set = (some: Partial<Preferences['privacy']>) => change({ privacy: some });
  /** Here from now on; what the servers tell others is theirs to change. */
  const setLastSeen = async (lastSeen: boolean) => {
    set({ lastSeen });
    const answers = await Promise.all(
      accounts.map(({ account }) => store.people.change(account, { showLastSeen: lastSeen })),
    );
    const refused = answers.find((answer) => !answer.ok);
    setError(refused && !refused.ok ? failure(refused.failure) : null);
  };
  return (
    <>
      <Switch
        label={say('privacy.receipts')}
        hint={say('privacy.receiptsHint')}
        checked={privacy.receipts}
        onChange={(receipts) => set({ receipts })}
        setting="receipts"
        testId="privacy-receipts"
      />
      <Switch
        label={say('privacy.typing')}
        checked={privacy.typing}
        onChange={(typing) => set({ typing })}
        setting="typing"
        testId="privacy-typing"
      />
      <Switch
        label={say('privacy.lastSeen')}
        hint={say('privacy.lastSeenHint')}
        checked={privacy.lastSeen}
        onChange={(lastSeen) => void setLastSeen(lastSeen)}
        setting="last-seen"
        testId="privacy-last-seen"
      />
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <Switch
        label={say('privacy.previews')}
        hint={say('privacy.previewsHint')}
        checked={privacy.linkPreviews}
        onChange={(linkPreviews) => set({ linkPreviews })}
        setting="link-previews"
        testId="privacy-link-previews"
      />
    </>
  );
}
