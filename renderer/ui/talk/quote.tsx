import type { Quote } from '@matchbook/protocol/bridge/views';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.tsx';

/** What there is to say of a message that is answered. */
export function useQuoteWords(): (quote: Quote) => string {
  const { say } = useWords();
  return ({ state, text, files, voice }) => {
    if (state === 'deleted') return say('quote.deleted');
    if (state === 'hidden') return say('quote.hidden');
    if (state === 'absent') return say('quote.absent');
    if (text !== null && text !== '') return text;
    if (voice) return say('sidebar.voice');
    return files?.join(', ') ?? say('timeline.newer');
  };
}

/** The message that is answered, above the answer; a click leads there. */
export function QuoteView(props: {
  quote: Quote;
  name: string;
  onOpen: ((n: number) => void) | null;
  children?: ReactNode;
}) {
  const { quote, name, onOpen } = props;
  const { say } = useWords();
  const words = useQuoteWords()(quote);
  const { n, state } = quote;
  const inside = (
    <>
      {quote.sender !== '' && <span className="quote-who">{name}</span>}
      <span className={state === 'there' ? 'quote-text' : 'quote-text placeholder'} dir="auto">
        {words}
      </span>
    </>
  );
  if (n === null || onOpen === null || state === 'hidden')
    return (
      <div className="quote" data-testid="quote" data-state={state}>
        {inside}
      </div>
    );
  return (
    <button type="button" className="quote" data-testid="quote" data-state={state} onClick={() => onOpen(n)}>
      {inside}
      <span className="only-read"> {say('quote.open')}</span>
    </button>
  );
}
