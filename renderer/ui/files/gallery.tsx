import {
  ChevronLeft,
  ChevronRight,
  Copy,
  Download,
  Maximize,
  MessageSquareText,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Looking } from '../../store/file-desk.ts';
import { FullDialog } from '../base/full-dialog.tsx';
import { useMatchbook } from '../use-store.ts';
import { FileName } from './file-name.tsx';
import type { GalleryItem } from './gallery-items.ts';
import { kindOf } from './kinds.ts';
import { PictureStage, useZoom } from './picture-stage.tsx';
import { SavedLine } from './saved-line.tsx';
import { SmallSight } from './small-sight.tsx';
import { useGallery } from './use-gallery.ts';
import { Video } from './video.tsx';
import { STEP } from './zoom.ts';

/** One key moves a picture that is larger than the window by this, pixels. */
const MOVE = 60;
/** Small pictures on each side of the one that is shown. */
const STRIP = 60;

/** The pictures and films of a conversation, one at a time, over the whole window. */
export default function Gallery({ looking, nameOf }: { looking: Looking; nameOf: (user: string) => string }) {
  const store = useMatchbook();
  const { say, moment } = useWords();
  const { address } = looking;
  const { items, at, complete, gone, missing } = useGallery(looking);
  const item = items[at] ?? null;
  const zoom = useZoom(looking.hash);
  const close = () => store.files.look(null);
  // Deleted meanwhile.
  useEffect(() => {
    if (gone) store.files.look(null);
  }, [gone, store]);
  if (!item) return null;
  const { file } = item;
  const isPicture = kindOf(file) === 'picture';
  const go = (to: number) => {
    const next = items[to];
    if (next) store.files.look({ address, n: next.n, key: next.key, hash: next.file.hash });
  };
  const step = (by: number) => go(at + (document.documentElement.dir === 'rtl' ? -by : by));
  const larger = zoom.view.scale > 1;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as HTMLElement).closest('video, [role="slider"]')) return;
    const does: Record<string, () => void> = {
      ArrowLeft: () => (larger ? zoom.move(MOVE, 0) : step(-1)),
      ArrowRight: () => (larger ? zoom.move(-MOVE, 0) : step(1)),
      ArrowUp: () => zoom.move(0, MOVE),
      ArrowDown: () => zoom.move(0, -MOVE),
      PageUp: () => go(at - 1),
      PageDown: () => go(at + 1),
      Home: () => go(0),
      End: () => go(items.length - 1),
      '+': () => zoom.zoom(STEP),
      '=': () => zoom.zoom(STEP),
      '-': () => zoom.zoom(1 / STEP),
      '0': () => zoom.fit(),
    };
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <FullDialog title={say('gallery.title')} testId="gallery" onClose={close} onKeyDown={onKeyDown}>
      <div className="gallery">
        <header className="gallery-head">
          <p className="gallery-from" aria-live="polite">
            <FileName name={file.name} className="gallery-name" />
            <span>
              {say('gallery.from', {
                name: item.own ? say('app.you') : nameOf(item.sender),
                when: moment(item.time),
              })}
            </span>
          </p>
          <span className="gallery-place" data-testid="gallery-place">
            {complete && say('gallery.place', { at: at + 1, all: items.length })}
          </span>
          {isPicture && (
            <>
              <Tool label={say('gallery.zoomOut')} off={!larger} onClick={() => zoom.zoom(1 / STEP)}>
                <ZoomOut size={18} aria-hidden="true" />
              </Tool>
              <span className="gallery-zoom" data-testid="gallery-zoom" aria-live="polite">
                {say('gallery.zoomed', { percent: Math.round(zoom.view.scale * 100) })}
              </span>
              <Tool label={say('gallery.zoomIn')} onClick={() => zoom.zoom(STEP)}>
                <ZoomIn size={18} aria-hidden="true" />
              </Tool>
              <Tool label={say('gallery.fit')} off={!larger} onClick={zoom.fit}>
                <Maximize size={18} aria-hidden="true" />
              </Tool>
              <CopyPicture account={address.account} hash={file.hash} />
            </>
          )}
          {item.n !== null && (
            <Tool
              label={say('gallery.message')}
              testId="gallery-message"
              onClick={() => {
                close();
                store.navigation.jumpTo(address, item.n!);
              }}
            >
              <MessageSquareText size={18} aria-hidden="true" />
            </Tool>
          )}
          <Tool
            label={say('files.save')}
            testId="gallery-save"
            onClick={() => void store.files.save(address.account, file)}
          >
            <Download size={18} aria-hidden="true" />
          </Tool>
          <Tool label={say('base.close')} testId="gallery-close" onClick={close}>
            <X size={20} aria-hidden="true" />
          </Tool>
        </header>
        <div className="gallery-middle">
          <Tool label={say('gallery.previous')} off={at === 0} onClick={() => go(at - 1)}>
            <ChevronLeft size={24} className="turns" aria-hidden="true" />
          </Tool>
          {isPicture ? (
            <PictureStage key={file.hash} account={address.account} file={file} zoom={zoom} />
          ) : (
            <div className="stage">
              <Video key={file.hash} account={address.account} file={file} autoPlay />
            </div>
          )}
          <Tool label={say('gallery.next')} off={at === items.length - 1} onClick={() => go(at + 1)}>
            <ChevronRight size={24} className="turns" aria-hidden="true" />
          </Tool>
        </div>
        <Below hash={file.hash} missing={complete && at === 0 ? missing : 0} />
        {items.length > 1 && <Strip account={address.account} items={items} at={at} onChoose={go} />}
      </div>
    </FullDialog>
  );
}

function Tool(props: {
  label: string;
  off?: boolean;
  testId?: string;
  onClick: () => void;
  children: ReactNode;
}) {
  const { label, off = false, testId, onClick, children } = props;
  return (
    <button
      type="button"
      className="button icon quiet"
      aria-label={label}
      title={label}
      // Not `disabled`: who pressed it at the last picture keeps the focus there.
      aria-disabled={off}
      data-testid={testId}
      onClick={() => off || onClick()}
    >
      {children}
    </button>
  );
}

function CopyPicture({ account, hash }: { account: string; hash: string }) {
  const store = useMatchbook();
  const { say } = useWords();
  const [copied, setCopied] = useState<string | null>(null);
  const label = say(copied === hash ? 'gallery.copied' : 'gallery.copy');
  return (
    <Tool
      label={label}
      testId="gallery-copy"
      onClick={() => void store.files.copyImage(account, hash).then((done) => done && setCopied(hash))}
    >
      <Copy size={18} aria-hidden="true" />
    </Tool>
  );
}

/** What became of saving, where the gallery covers the message that says it; and, before the first, what may be missing. */
function Below({ hash, missing }: { hash: string; missing: number }) {
  const store = useMatchbook();
  const { say } = useWords();
  const begun = useStore(store.files.state, ({ savings }) => savings[hash] !== undefined);
  return (
    <div className="gallery-saved" aria-live="polite">
      {begun ? <SavedLine hash={hash} /> : missing > 0 && say('info.missing', { count: missing })}
    </div>
  );
}

/** Those around the one that is shown, small; it is in view. */
function Strip(props: {
  account: string;
  items: readonly GalleryItem[];
  at: number;
  onChoose: (at: number) => void;
}) {
  const { account, items, at, onChoose } = props;
  const { say } = useWords();
  const chosen = useRef<HTMLButtonElement>(null);
  const from = Math.max(0, at - STRIP);
  useEffect(() => {
    if (at >= 0) chosen.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [at]);
  return (
    <nav className="strip" aria-label={say('gallery.all')}>
      {items.slice(from, at + STRIP).map(({ n, key, file }, k) => {
        const i = from + k;
        return (
          <button
            key={`${n ?? key}/${file.hash}/${i}`}
            ref={i === at ? chosen : undefined}
            type="button"
            className="strip-picture"
            aria-current={i === at}
            aria-label={say(kindOf(file) === 'picture' ? 'files.picture' : 'files.video', {
              name: file.name,
            })}
            onClick={() => onChoose(i)}
          >
            <SmallSight account={account} file={file} />
          </button>
        );
      })}
    </nav>
  );
}
