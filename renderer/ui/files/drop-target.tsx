import { Paperclip } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';

/** What is dropped anywhere on the window goes to the open conversation, which says so while something is held over it. Not while a dialog is open. */
export function DropTarget({ address, title, self }: { address: Address; title: string; self: boolean }) {
  const store = useMatchbook();
  const { say } = useWords();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entered and left once for every element inside.
    let depth = 0;
    const hasFiles = (event: DragEvent) =>
      event.dataTransfer?.types.includes('Files') === true &&
      document.querySelector('.veil, .full-dialog') === null;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const move = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void store.files.give(address, [...event.dataTransfer!.files]).then(focusComposer);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', move);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', move);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [store, address]);
  return (
    <div className="drop-target" data-over={over} data-testid="drop-target" aria-hidden={!over}>
      {over && (
        <p>
          <Paperclip size={24} aria-hidden="true" />
          {say(self ? 'files.dropSelf' : 'files.drop', { title })}
        </p>
      )}
    </div>
  );
}

/** Where nobody takes a file, the pointer says so while it is held there. */
export function useRefusedDrops(): void {
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
    return () => {
      window.removeEventListener('dragover', refuse);
      window.removeEventListener('drop', refuse);
    };
  }, []);
}
