import type { FileReference } from '@matchbook/protocol/message-body';
import { FileImage, Play } from 'lucide-react';
import { useState } from 'react';
import { Blur } from './blur.tsx';
import { thumbnailUrl } from './file-url.ts';
import { kindOf } from './kinds.ts';
import { useQuantities } from './quantities.ts';

/** A picture or film as one of many: what there is of it, over its blur. Decoration: what stands around it has its name. */
export function SmallSight({ account, file }: { account: string; file: FileReference }) {
  const { length } = useQuantities();
  const [missing, setMissing] = useState(false);
  const kind = kindOf(file);
  return (
    <span className="small-sight" aria-hidden="true">
      <Blur hash={file.blurhash} />
      {kind === 'picture' && !missing && (
        <img
          src={thumbnailUrl(account, file.hash)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setMissing(true)}
        />
      )}
      {kind === 'other' && <FileImage size={20} />}
      {kind === 'video' && (
        <span className="play-mark">
          <Play size={18} />
        </span>
      )}
      {kind === 'video' && file.duration !== undefined && (
        <span className="small-length">{length(file.duration)}</span>
      )}
    </span>
  );
}
