import type { FileReference } from '@matchbook/protocol/message-body';
import type { CSSProperties } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { Blur } from './blur.tsx';
import { fileUrl } from './file-url.ts';
import { begins, ends } from './heard.ts';
import { Missing } from './missing.tsx';
import { useShown } from './use-shown.ts';

/** A film with the controls of the browser engine, over the blur of its first picture; nothing of a large one is fetched before somebody wants to see it. */
export function Video({
  account,
  file,
  style,
  autoPlay = false,
}: {
  account: string;
  file: FileReference;
  style?: CSSProperties;
  autoPlay?: boolean;
}) {
  const store = useMatchbook();
  const { say } = useWords();
  const { attempt, state, there, missing, retry } = useShown(account);
  return (
    <div className="video" style={style} data-testid="video">
      {state === 'missing' ? (
        <Missing
          account={account}
          hash={file.hash}
          onSave={() => void store.files.save(account, file)}
          onRetry={retry}
        />
      ) : (
        <>
          {state === 'coming' && <Blur hash={file.blurhash} />}
          {/* biome-ignore lint/a11y/useMediaCaption: people send films without captions */}
          <video
            key={attempt}
            src={fileUrl(account, file.hash)}
            controls
            controlsList="nodownload"
            autoPlay={autoPlay}
            preload={autoPlay || file.size < 4_000_000 ? 'metadata' : 'none'}
            aria-label={say('files.video', { name: file.name })}
            onLoadedData={there}
            onError={missing}
            onPlay={({ currentTarget }) => begins(currentTarget)}
            onPause={({ currentTarget }) => ends(currentTarget)}
          />
        </>
      )}
    </div>
  );
}
