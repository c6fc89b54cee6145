import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Popover } from '../base/popover.tsx';

const EmojiPicker = lazy(() => import('./emoji-picker.tsx'));

/** A button that lets one pick an emoji; it closes with the choice. */
export function EmojiButton(props: {
  trigger: ReactElement;
  /** Heading of the panel. */
  title: string;
  align?: 'start' | 'end';
  onPick: (unicode: string) => void;
}) {
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  /** Each begins anew, also one that is opened while the last is still fading. */
  const [opened, setOpened] = useState(0);
  return (
    <Popover
      trigger={props.trigger}
      title={props.title}
      align={props.align ?? 'start'}
      side="top"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setOpened((times) => times + 1);
      }}
    >
      <Suspense fallback={<p className="fine appears-late">{say('shelf.loading')}</p>}>
        <EmojiPicker
          key={opened}
          onPick={(unicode) => {
            setOpen(false);
            props.onPick(unicode);
          }}
        />
      </Suspense>
    </Popover>
  );
}
