import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { ImagePlus, Trash2 } from 'lucide-react';
import { type ChangeEvent, type ReactNode, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { SquareDialog } from './square-dialog.tsx';

/** A picture of a person or a group, another one in its place, or none. */
export function PictureChooser(props: {
  title: string;
  /** As it is shown now. */
  children: ReactNode;
  has: boolean;
  /** Its id among the settings (settings/setting-list.ts). */
  setting?: string;
  onSet: (bytes: Uint8Array | null) => Promise<Outcome<unknown>>;
}) {
  const { title, children, has, setting, onSet } = props;
  const { say, failure } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [image, setImage] = useState<ImageBitmap | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const set = async (bytes: Uint8Array | null): Promise<string | null> => {
    const answer = await onSet(bytes);
    return answer.ok ? null : failure(answer.failure);
  };
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    setError(null);
    try {
      setImage(await createImageBitmap(file));
    } catch {
      setError(say('avatar.notPicture'));
    }
  };
  return (
    <div className="picture-chooser" data-setting={setting}>
      <span className="picture-large">{children}</span>
      <div className="picture-actions">
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif,image/avif,image/bmp"
          hidden
          data-testid="picture-input"
          onChange={(event) => void choose(event)}
        />
        <button
          type="button"
          className="button small"
          data-testid="picture-choose"
          onClick={() => input.current?.click()}
        >
          <ImagePlus size={15} aria-hidden="true" />
          {say(has ? 'avatar.change' : 'avatar.choose')}
        </button>
        {has && (
          <button
            type="button"
            className="button small"
            data-testid="picture-remove"
            disabled={busy}
            onClick={() => {
              setBusy(true);
              void set(null).then((failed) => {
                setBusy(false);
                setError(failed);
              });
            }}
          >
            <Trash2 size={15} aria-hidden="true" />
            {say('avatar.remove')}
          </button>
        )}
      </div>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {image && (
        <SquareDialog
          image={image}
          title={title}
          onUse={set}
          onClose={() => {
            image.close();
            setImage(null);
          }}
        />
      )}
    </div>
  );
}
