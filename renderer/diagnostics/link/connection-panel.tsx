import { useWords } from '../../i18n/words.tsx';
import { useKnown } from '../desk.ts';
import { LinkCard } from './link-card.tsx';
import { SystemCard } from './system-card.tsx';

/** The state of every account's connection, and of what they stand on. */
export function ConnectionPanel() {
  const { say } = useWords();
  const overview = useKnown((known) => known.overview);
  if (!overview) return <p className="diag-note">{say('diag.loading')}</p>;
  return (
    <div className="diag-scroll">
      {overview.links.length === 0 && <p className="diag-note">{say('diag.none')}</p>}
      {overview.links.map((link) => (
        <LinkCard key={link.account} link={link} overview={overview} />
      ))}
      <SystemCard overview={overview} />
    </div>
  );
}
