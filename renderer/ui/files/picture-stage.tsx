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

/** One picture, as large as fits or larger: the wheel, a double click, keys, and dragging. */
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
        STEP ** (-Math.sign(event.deltaY) * Math.min(1, Math.abs(event.deltaY) / 60)),
        event.clientX - left - width / 2,
        event.clientY - top - height / 2,
      );
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (event.currentTarget.hasPointerCapture(event.pointerId)) move(event.movementX, event.movementY);
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
