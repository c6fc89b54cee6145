import { memo, type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { CopyButton } from '../copy-button.tsx';
import type { Piece } from './highlight.ts';

/** Longer code is shown in one colour, UTF-16 units: colouring must not be felt. */
const COLOURED = 20_000;

/** Code as it was written; its colours come when their library has been loaded. */
export const CodeBlock = memo(function CodeBlock({
  text,
  language,
}: {
  text: string;
  language: string | null;
}) {
  const { say } = useWords();
  const [pieces, setPieces] = useState<readonly Piece[] | null>(null);
  useEffect(() => {
    if (language === null || text.length > COLOURED) return;
    let here = true;
    void import('./highlight.ts').then(
      ({ highlighted }) => here && setPieces(highlighted(text, language)),
      // Without colours it is as good to read.
      () => {},
    );
    return () => {
      here = false;
    };
  }, [text, language]);
  return (
    <section
      className="code-block"
      dir="ltr"
      aria-label={language === null ? say('text.code') : say('text.codeIn', { language })}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{pieces ? shown(pieces) : text}</code>
      </pre>
      <CopyButton text={text} label={say('text.copyCode')} copied={say('text.copied')} testId="copy-code" />
    </section>
  );
});

const shown = (pieces: readonly Piece[]): ReactNode =>
  pieces.map((piece, i) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      <span key={i} className={piece.look}>
        {shown(piece.inside)}
      </span>
    ),
  );
