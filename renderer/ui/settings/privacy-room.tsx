import type { Preferences } from '@matchbook/protocol/bridge/preferences';
import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';
import type { RoomProps } from './room.ts';

export function PrivacyRoom({ known, change }: RoomProps) {
  const { say } = useWords();
  const { privacy } = known;
  const set = (some: Partial<Preferences['privacy']>) => change({ privacy: some });
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
        onChange={(lastSeen) => set({ lastSeen })}
        setting="last-seen"
        testId="privacy-last-seen"
      />
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
