import { LoaderCircle } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { Blur } from './blur.tsx';

/** In the place of what is fetched: its blur, and where that takes longer than a moment, that it is under way. */
export function Coming({ blur }: { blur: string | undefined }) {
  const { say } = useWords();
  return (
    <>
      <Blur hash={blur} />
      <span className="file-coming">
        <LoaderCircle size={14} className="spin" aria-hidden="true" />
        {say('files.coming')}
      </span>
    </>
  );
}
