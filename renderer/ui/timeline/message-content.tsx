import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { type ReactNode, useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Said } from '../../store/content.ts';
import type { Address } from '../../store/state.ts';
import { Popover } from '../base/popover.tsx';
import { MessageFiles } from '../files/message-files.tsx';
import { PagePreview } from '../files/page-preview.tsx';
import type { Named } from '../text/leaf.tsx';
import { MessageText } from './message-text.tsx';
import type { Wanted } from './wanted.ts';

/** What a message says. */
export function Content(props: {
  address: Address;
  row: TimelineRow;
  now: Wanted;
  said: Said | null;
  named: Named | undefined;
  nameOf: (user: string) => string;
  /** When it was said, and how far it came: on the last line where there is room, else below. */
  foot: ReactNode;
  /** Somebody was led here. */
  lit: boolean;
}) {
  const { address, row, now, said, named, nameOf, foot, lit } = props;
  const { say } = useWords();
  const { files, preview } = useMemo(() => shownFiles(now.body), [now.body]);
  const erased = row.kind === 'message' && now.deleted;
  const deleter = erased ? row.folded?.deleted?.by : undefined;
  // Of who took it back themselves there is no more to say.
  const by = !deleter || deleter === row.sender ? null : nameOf(deleter);
  if (erased || said === null)
    return (
      <div className="spoken">
        <p className="placeholder">
          {by !== null
            ? say('timeline.erasedBy', { name: by })
            : say(erased ? 'timeline.erased' : 'timeline.newer')}
        </p>
        {foot}
      </div>
    );
  const text = { of: row.key, text: said.text, named, whole: lit };
  return (
    <>
      {files.length > 0 && <MessageFiles address={address} row={row} files={files} />}
      {said.text !== '' && !preview ? (
        <MessageText {...text} foot={foot} />
      ) : (
        <>
          {said.text !== '' && <MessageText {...text} foot={null} />}
          {preview && <PagePreview preview={preview} />}
          {foot}
        </>
      )}
    </>
  );
}

/** That it once said something else, and what. */
export function Edited({ earlier }: { earlier: Wanted['earlier'] }) {
  const { say, moment } = useWords();
  return (
    <Popover
      title={say('message.earlier')}
      trigger={
        <button type="button" className="edited" data-testid="edited">
          {say('message.edited')}
        </button>
      }
    >
      <ol className="earlier">
        {earlier.map(({ time, text }, i) => (
          <li key={i}>
            {time !== null && <time className="fine">{moment(time)}</time>}
            <p dir="auto">{text}</p>
          </li>
        ))}
      </ol>
    </Popover>
  );
}
