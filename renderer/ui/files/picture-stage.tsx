import type { FileReference } from '@matchbook/protocol/message-body';
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Blur } from './blur.tsx';
import { fileUrl } from './file-url.ts';
import { Missing } from './missing.tsx';
import { useShown } from './use-shown.ts';
import { FITTED, moved, type Room, STEP, type View, zoomed } from './zoom.ts';

export interface Zoom {
  view: View;
  zoom: (by: number) => void;
  move: (x: number, y: number) => void;
  fit: () => void;
}

/** How much of a picture is seen; anew for each. */
export function useZoom(hash: string): Zoom & {
  stage: (element: HTMLDivElement | null) => void;
  zoomAt: (by: number, x: number, y: number) => void;
} {
  const element = useRef<HTMLDivElement | null>(null);
  const [{ of, view }, set] = useState({ of: hash, view: FITTED });
  const now = of === hash ? view : FITTED;
  const room = (): Room => {
    const stage = element.current?.getBoundingClientRect();
    const image = element.current?.querySelector('img');
    return {
      picture: { width: image?.offsetWidth ?? 0, height: image?.offsetHeight ?? 0 },
      window: { width: stage?.width ?? 0, height: stage?.height ?? 0 },
    };
  };
  const change = (next: (view: View, room: Room) => View) =>
    set((before) => ({ of: hash, view: next(before.of === hash ? before.view : FITTED, room()) }));
  return {
    view: now,
    zoom: (by) => change((before, space) => zoomed(before, by, space)),
    zoomAt: (by, x, y) => change((before, space) => zoomed(before, by, space, { x, y })),
    move: (x, y) => change((before, space) => moved(before, x, y, space)),
    fit: () => set({ of: hash, view: FITTED }),
    stage: useCallback((stage: HTMLDivElement | null) => {
      element.current = stage;
    }, []),
  };
}

/** One picture, as large as fits or larger: the wheel, two fingers, a double click, keys, and dragging. */
export function PictureStage({
  account,
  file,
  zoom,
}: {
  account: string;
  file: FileReference;
  zoom: ReturnType<typeof useZoom>;
}) {
  const { say } = useWords();
  const { attempt, state, there, missing, retry } = useShown(account);
  const here = useRef<HTMLDivElement>(null);
  const { view, stage, zoomAt, move, fit } = zoom;
  const wheel = useRef(zoomAt);
  wheel.current = zoomAt;
  useEffect(() => {
    const element = here.current;
    if (!element) return undefined;
    // React listens passively, which cannot keep the page from zooming itself.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top, width, height } = element.getBoundingClientRect();
      wheel.current(
        // Two fingers on a touchpad come as a wheel with Ctrl, in small steps.
        event.ctrlKey
          ? Math.exp(-event.deltaY / 100)
          : STEP ** (-Math.sign(event.deltaY) * Math.min(1, Math.abs(event.deltaY) / 60)),
        event.clientX - left - width / 2,
        event.clientY - top - height / 2,
      );
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);
  /** Fingers, or the button of the mouse, by pointer: where they are. */
  const held = useRef(new Map<number, { x: number; y: number }>());
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    const { pointerId: id, clientX: x, clientY: y, currentTarget } = event;
    if (event.type === 'pointerdown') {
      currentTarget.setPointerCapture(id);
      held.current.set(id, { x, y });
      return;
    }
    const before = held.current.get(id);
    if (!before) return;
    if (event.type !== 'pointermove') {
      held.current.delete(id);
      return;
    }
    held.current.set(id, { x, y });
    const other = [...held.current].find(([pointer]) => pointer !== id)?.[1];
    if (!other) return move(x - before.x, y - before.y);
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const apart = (one: { x: number; y: number }) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
    zoomAt(
      apart({ x, y }) / apart(before),
      (x + other.x) / 2 - left - width / 2,
      (y + other.y) / 2 - top - height / 2,
    );
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way; the gallery's keys and buttons are the other
    <div
      ref={(element) => {
        here.current = element;
        stage(element);
      }}
      className="stage"
      data-zoomed={view.scale > 1}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onPointerUp={onPointer}
      onPointerCancel={onPointer}
      onDoubleClick={(event) => {
        if (view.scale > 1) fit();
        else {
          const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
          zoomAt(2.5, event.clientX - left - width / 2, event.clientY - top - height / 2);
        }
      }}
    >
      {state === 'missing' ? (
        <Missing account={account} hash={file.hash} onRetry={retry} />
      ) : (
        <>
          {state === 'coming' && <Blur hash={file.blurhash} />}
          <img
            key={attempt}
            data-testid="gallery-picture"
            src={fileUrl(account, file.hash)}
            alt={say('files.picture', { name: file.name })}
            draggable={false}
            style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
            onLoad={there}
            onError={missing}
          />
        </>
      )}
    </div>
  );
}
