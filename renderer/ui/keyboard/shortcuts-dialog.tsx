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
      {/* More than fits is scrolled by key. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached, WCAG 2.1.1 */}
      <section aria-label={say('keys.title')} tabIndex={0}>
        <ShortcutList />
      </section>
    </Dialog>
  );
}
