import type { Quote } from '@matchbook/protocol/bridge/views';
import { CornerUpLeft, X } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { useQuoteWords } from '../talk/quote.tsx';

/** Which message the text below answers. */
export function ReplyBar(props: {
  quote: Quote | null;
  name: string;
  onOpen: () => void;
  onClose: () => void;
}) {
  const { quote, name, onOpen, onClose } = props;
  const { say } = useWords();
  const words = useQuoteWords();
  return (
    <div className="reply-bar" data-testid="reply-bar">
      <CornerUpLeft size={16} className="turns" aria-hidden="true" />
      <button type="button" className="reply-what" disabled={quote?.n == null} onClick={onOpen}>
        <span className="quote-who">{say('reply.to', { name })}</span>
        <span className="quote-text" dir="auto">
          {quote ? words(quote) : ''}
        </span>
      </button>
      <button
        type="button"
        className="button icon quiet small"
        data-testid="reply-close"
        aria-label={say('reply.close')}
        title={say('reply.close')}
        onClick={onClose}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
