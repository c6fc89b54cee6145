import { type KeyboardEvent, type PointerEvent, useCallback, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { EDGE, MOST, middle, moved, resized, type Square } from './square.ts';

/** Edge on the screen, pixels. */
const SHOWN = 256;
/** One key, of the edge. */
const STEP = 0.04;

/** Which part of a picture it is to be. */
export function SquareDialog(props: {
  image: ImageBitmap;
  title: string;
  onUse: (bytes: Uint8Array) => Promise<string | null>;
  onClose: () => void;
}) {
  const { image, title, onUse, onClose } = props;
  const { say } = useWords();
  const [square, setSquare] = useState<Square>(() => middle(image));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const lead = useId();
  // By the element itself: the dialog comes a moment after this component does.
  const draw = useCallback(
    (canvas: HTMLCanvasElement | null) => {
      const context = canvas?.getContext('2d');
      context?.clearRect(0, 0, SHOWN * 2, SHOWN * 2);
      context?.drawImage(image, square.x, square.y, square.edge, square.edge, 0, 0, SHOWN * 2, SHOWN * 2);
    },
    [image, square],
  );
  const move = (x: number, y: number) =>
    setSquare((before) => moved(before, x * before.edge, y * before.edge, image));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [STEP, 0],
      ArrowRight: [-STEP, 0],
      ArrowUp: [0, STEP],
      ArrowDown: [0, -STEP],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  };
  const onPointer = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (event.currentTarget.hasPointerCapture(event.pointerId))
      move(-event.movementX / SHOWN, -event.movementY / SHOWN);
  };
  const use = async () => {
    setBusy(true);
    const cut = document.createElement('canvas');
    Object.assign(cut, { width: EDGE, height: EDGE });
    const context = cut.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, square.x, square.y, square.edge, square.edge, 0, 0, EDGE, EDGE);
    const blob = await new Promise<Blob | null>((resolve) => cut.toBlob(resolve, 'image/webp', 0.9));
    const failed = blob ? await onUse(new Uint8Array(await blob.arrayBuffer())) : say('avatar.notPicture');
    setBusy(false);
    setError(failed);
    if (failed === null) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={title} description={say('avatar.cropLead')} testId="square-dialog">
      <div className="square-cut">
        <canvas
          ref={draw}
          width={SHOWN * 2}
          height={SHOWN * 2}
          tabIndex={0}
          role="img"
          aria-label={say('avatar.crop')}
          aria-describedby={lead}
          onKeyDown={onKeyDown}
          onPointerDown={onPointer}
          onPointerMove={onPointer}
        />
        <label className="square-zoom">
          <span>{say('avatar.zoom')}</span>
          <input
            type="range"
            min={1}
            max={MOST}
            step={0.05}
            value={Math.min(image.width, image.height) / square.edge}
            onChange={(event) => setSquare(resized(square, Number(event.target.value), image))}
          />
        </label>
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
      </div>
      <DialogActions>
        <button type="button" className="button" onClick={onClose}>
          {say('base.cancel')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="square-use"
          disabled={busy}
          onClick={() => void use()}
        >
          {say('avatar.use')}
        </button>
      </DialogActions>
    </Dialog>
  );
}
