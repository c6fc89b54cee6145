import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { ShortcutList } from './shortcut-list.tsx';

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { say } = useWords();
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('keys.title')}
      description={say('keys.lead')}
      size="wide"
      testId="shortcuts-dialog"
    >
      <ShortcutList />
    </Dialog>
  );
}
