/** What the composer has besides its text: the tray, what is pasted, a voice message, the preview of a page. */
import type { TrayFile } from '@matchbook/protocol/bridge/files';
import type { PagePreview } from '@matchbook/protocol/message-body';
import type { ClipboardEvent } from 'react';
import type { Address } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';
import { pastedFiles } from './attach-button.tsx';
import { PreviewBar } from './preview-bar.tsx';
import type { Recorded } from './recorder.ts';
import { Tray } from './tray.tsx';
import { type Preview, usePreview } from './use-preview.ts';
import { useTray } from './use-tray.ts';
import { useVoice } from './voice.tsx';

/** What goes with a message besides what its draft says. */
export interface Accompanying {
  attached: readonly TrayFile[];
  preview: PagePreview | null;
}

export interface ComposerFiles {
  address: Address;
  tray: readonly TrayFile[];
  preview: Preview;
  voice: ReturnType<typeof useVoice>;
  /** What goes with the message that is sent now. */
  accompanying: Accompanying;
  onPaste: (event: ClipboardEvent) => void;
}

/** @param sendVoice sends a voice message that lies in the tray, and nothing else */
export function useComposerFiles(
  address: Address,
  text: string,
  sendVoice: (file: readonly TrayFile[]) => void,
): ComposerFiles {
  const store = useMatchbook();
  const tray = useTray(address);
  const preview = usePreview(address, text);
  const take = ({ sound, duration, waveform }: Recorded, id: string) => {
    const ending = sound.type.includes('ogg') ? 'ogg' : 'webm';
    const facts = { duration, waveform: waveform.length > 0 ? waveform : [0] };
    return store.files.hand(address, `voice-message.${ending}`, sound, facts, id);
  };
  const voice = useVoice({
    address,
    send: (recorded, id) =>
      void take(recorded, id).then((added) => {
        if (added.length > 0) sendVoice(added);
      }),
    // Who turns to another conversation finds it in this one's tray.
    keep: (recorded, id) => void take(recorded, id),
  });
  return {
    ...{ address, tray, preview, voice },
    accompanying: { attached: tray, preview: preview.preview },
    onPaste: (event) => {
      const files = pastedFiles(event.clipboardData);
      if (files.length === 0) return;
      event.preventDefault();
      void store.files.give(address, files);
    },
  };
}

/** Above the text. */
export function ComposerAbove({ files }: { files: ComposerFiles }) {
  return (
    <>
      <PreviewBar preview={files.preview} />
      <Tray address={files.address} tray={files.tray} />
    </>
  );
}
