import { useWords } from '../../i18n/words.tsx';

/** The end of a list: there is more, or there is nothing, in words. */
export function More(props: {
  page: { items: readonly unknown[]; more: boolean } | null;
  /** Where there is nothing. */
  nothing: string;
  onMore: () => void;
}) {
  const { page, nothing, onMore } = props;
  const { say } = useWords();
  if (page === null) return null;
  if (page.items.length === 0)
    return (
      <p className="fine" data-testid="server-nothing">
        {nothing}
      </p>
    );
  return page.more ? (
    <button type="button" className="button small server-more" data-testid="server-more" onClick={onMore}>
      {say('server.more')}
    </button>
  ) : null;
}
