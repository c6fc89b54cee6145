import { Paperclip } from 'lucide-react';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { keysForReaders, keysText } from '../keyboard/keys.ts';
import { useMatchbook } from '../use-store.ts';

export const AttachButton = memo(function AttachButton({
  address,
  onDone,
}: {
  address: Address;
  onDone: () => void;
}) {
  const store = useMatchbook();
  const { say } = useWords();
  return (
    <button
      type="button"
      className="button icon quiet attach"
      data-testid="attach"
      aria-label={say('files.attach')}
      title={`${say('files.attach')} (${keysText('attach')})`}
      aria-keyshortcuts={keysForReaders('attach')}
      onClick={() => void store.files.choose(address).then(onDone)}
    >
      <Paperclip size={18} aria-hidden="true" />
    </button>
  );
});

/** Files of what is pasted; none where it is text, which some programs paste as a picture too. */
export function pastedFiles(data: DataTransfer): File[] {
  if (data.types.includes('text/plain')) return [];
  return [...data.files].map((file) =>
    // The clipboard calls every picture by the same name.
    file.name === 'image.png' ? new File([file], pictureName(), { type: file.type }) : file,
  );
}

function pictureName(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.')}.png`;
}
