import type { FileReference } from '@matchbook/protocol/message-body';
import { Play } from 'lucide-react';
import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { Blur } from './blur.tsx';
import { Coming } from './coming.tsx';
import { useDragOut } from './drag-out.tsx';
import { fileUrl, thumbnailUrl } from './file-url.ts';
import { Missing } from './missing.tsx';
import { useShown } from './use-shown.ts';

/** Up to this size a picture is shown itself and not a smaller one of it: what moves goes on moving. Bytes. */
const SHOWN_WHOLE = 256 * 1024;

/** Addresses of pictures that this window has shown: when they are scrolled to again they are there, without a blur before them. The oldest go first. */
const met = new Set<string>();
const MET_KEPT = 1_000;

function meet(src: string): void {
  met.delete(src);
  met.add(src);
  for (const oldest of met) {
    if (met.size <= MET_KEPT) break;
    met.delete(oldest);
  }
}

/** A picture in a message: its room is there before it is, and a click opens the gallery. */
export function Picture(props: {
  account: string;
  file: FileReference;
  /** Its room; a tile of a grid has its own. */
  style?: CSSProperties;
  onOpen: () => void;
}) {
  const { account, file, style, onOpen } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const whole = file.size <= SHOWN_WHOLE || file.type === 'image/gif';
  const src = (whole ? fileUrl : thumbnailUrl)(account, file.hash);
  const { attempt, state, there, coming, missing, retry } = useShown(account, met.has(src));
  const image = useRef<HTMLImageElement>(null);
  // The engine may have forgotten it since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it is mounted
  useLayoutEffect(() => {
    if (image.current?.complete === false) coming();
  }, []);
  const drag = useDragOut(account, file);
  if (state === 'missing')
    return (
      <div className="picture" style={style}>
        <Blur hash={file.blurhash} />
        <Missing
          account={account}
          hash={file.hash}
          onSave={() => void store.files.save(account, file)}
          onRetry={retry}
        />
      </div>
    );
  return (
    <button
      type="button"
      className="picture"
      style={style}
      data-testid="picture"
      data-state={state}
      aria-label={say('files.openPicture', { name: file.name })}
      draggable
      onDragStart={drag}
      onClick={onOpen}
    >
      {state === 'coming' && <Coming blur={file.blurhash} />}
      <img
        key={attempt}
        ref={image}
        src={src}
        alt=""
        decoding="async"
        draggable={false}
        onLoad={() => {
          meet(src);
          there();
        }}
        onError={missing}
      />
    </button>
  );
}

/** A film among several: its first picture is a blur, it plays in the gallery. */
export function VideoTile({ file, onOpen }: { file: FileReference; onOpen: () => void }) {
  const { say } = useWords();
  return (
    <button
      type="button"
      className="picture"
      aria-label={say('files.openVideo', { name: file.name })}
      onClick={onOpen}
    >
      <Blur hash={file.blurhash} />
      <span className="play-mark" aria-hidden="true">
        <Play size={22} />
      </span>
    </button>
  );
}
