import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { FileReference } from '@matchbook/protocol/message-body';
import { Fragment } from 'react';
import type { Address } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';
import { FileCard } from './file-card.tsx';
import { fileUrl } from './file-url.ts';
import { isShown, kindOf, roomOf } from './kinds.ts';
import { Picture, VideoTile } from './picture.tsx';
import { SavedLine } from './saved-line.tsx';
import { SoundPlayer } from './sound-player.tsx';
import { UploadProgress } from './upload-progress.tsx';
import { Video } from './video.tsx';

/** The files of a message: pictures and films together, sounds and the rest below each other. */
export function MessageFiles({
  address,
  row,
  files,
}: {
  address: Address;
  row: TimelineRow;
  files: readonly FileReference[];
}) {
  const store = useMatchbook();
  const { account } = address;
  const shown = files.filter(isShown);
  const look = (hash: string) =>
    store.files.look({ address, n: row.n, key: row.n === null ? row.key : null, hash });
  const [only] = shown;
  return (
    <div className="message-files">
      {shown.length === 1 && only && kindOf(only) === 'picture' && (
        <Picture account={account} file={only} style={styleOf(only)} onOpen={() => look(only.hash)} />
      )}
      {shown.length === 1 && only && kindOf(only) === 'video' && (
        <Video account={account} file={only} style={styleOf(only)} />
      )}
      {shown.length > 1 && (
        <div className="picture-grid" data-count={Math.min(shown.length, 4)}>
          {shown.map((file, i) =>
            kindOf(file) === 'picture' ? (
              <Picture key={i} account={account} file={file} onOpen={() => look(file.hash)} />
            ) : (
              <VideoTile key={i} file={file} onOpen={() => look(file.hash)} />
            ),
          )}
        </div>
      )}
      {shown.map((file, i) => (
        <Saved key={i} hash={file.hash} />
      ))}
      {files
        .filter((file) => !isShown(file))
        .map((file, i) =>
          kindOf(file) === 'sound' ? (
            <Fragment key={i}>
              <SoundPlayer account={account} file={file} url={fileUrl(account, file.hash)} />
              <Saved hash={file.hash} />
            </Fragment>
          ) : (
            <FileCard key={i} account={account} file={file} />
          ),
        )}
      {row.waits?.uploading && row.delivery !== 'failed' && <UploadProgress address={address} row={row} />}
    </div>
  );
}

/** A card says it by itself. */
function Saved({ hash }: { hash: string }) {
  return (
    <div className="saved-line fine" aria-live="polite" data-testid="saved-line">
      <SavedLine hash={hash} />
    </div>
  );
}

/** As wide as there is room, in the shape that it will have. */
function styleOf(file: FileReference) {
  const { width, height } = roomOf(file);
  return { inlineSize: `${width}px`, aspectRatio: `${width} / ${height}` };
}
