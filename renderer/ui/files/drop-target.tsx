import { Paperclip } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';

/** The whole conversation takes what is dropped on it, and says so while something is held over it. A child of the element that takes it. */
export function DropTarget({ address, title, self }: { address: Address; title: string; self: boolean }) {
  const store = useMatchbook();
  const { say } = useWords();
  const here = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const target = here.current?.parentElement;
    if (!target) return undefined;
    // Entered and left once for every element inside.
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
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
    target.addEventListener('dragenter', enter);
    target.addEventListener('dragover', move);
    target.addEventListener('dragleave', leave);
    target.addEventListener('drop', drop);
    return () => {
      target.removeEventListener('dragenter', enter);
      target.removeEventListener('dragover', move);
      target.removeEventListener('dragleave', leave);
      target.removeEventListener('drop', drop);
    };
  }, [store, address]);
  return (
    <div ref={here} className="drop-target" data-over={over} data-testid="drop-target" aria-hidden={!over}>
      {over && (
        <p>
          <Paperclip size={24} aria-hidden="true" />
          {say(self ? 'files.dropSelf' : 'files.drop', { title })}
        </p>
      )}
    </div>
  );
}
