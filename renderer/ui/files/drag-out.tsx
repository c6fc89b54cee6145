/** Files that are dragged out of the window, also those that are not on this device yet. */
import type { FileReference } from '@matchbook/protocol/message-body';
import { HardDriveDownload } from 'lucide-react';
import { type DragEvent, useCallback } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { PassingLine } from '../talk/passing-line.tsx';
import { useMatchbook } from '../use-store.ts';

/** What an element that shows the file does where it begins to be dragged. */
export function useDragOut(account: string, file: FileReference): (event: DragEvent) => void {
  const store = useMatchbook();
  return (event) => {
    event.preventDefault();
    let holds = true;
    const over = new AbortController();
    const letGo = () => {
      holds = false;
    };
    // Without a drag of its own the engine goes on telling where the pointer is, outside of the window too.
    for (const end of ['pointerup', 'pointercancel'] as const)
      window.addEventListener(end, letGo, { capture: true, signal: over.signal });
    void store.files.drag(account, file, () => holds).finally(() => over.abort());
  };
}

/** That it is being fetched, and that it is here. */
export function DraggedLine() {
  const store = useMatchbook();
  const { say } = useWords();
  const dragged = useStore(store.files.state, (state) => state.dragged);
  const forget = useCallback(() => store.files.forgetDragged(), [store]);
  return (
    <PassingLine
      what={dragged}
      icon={<HardDriveDownload size={15} aria-hidden="true" />}
      testId="dragged-line"
      onOver={forget}
    >
      <span>
        {dragged && say(dragged.here ? 'files.dragNow' : 'files.dragComing', { name: dragged.name })}
      </span>
    </PassingLine>
  );
}
