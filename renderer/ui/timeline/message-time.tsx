import { useWords } from '../../i18n/words.tsx';

/** When it was said; to the second for who points at it. Put into words only then: a list that is scrolled has hundreds. */
export function MessageTime({ at }: { at: number }) {
  const { time, exact } = useWords();
  return (
    <time
      dateTime={new Date(at).toISOString()}
      onPointerEnter={(event) => {
        event.currentTarget.title = exact(at);
      }}
    >
      {time(at)}
    </time>
  );
}
