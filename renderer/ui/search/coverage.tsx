import { useWords } from '../../i18n/words.tsx';
import type { SearchState } from '../../store/search-run.ts';

/** What was searched, so that nobody takes a part for all of it. */
export function Coverage({ state }: { state: SearchState }) {
  const { say, failure, moment } = useWords();
  const { local, server, away } = state;
  const lines: string[] = [];
  if (server) {
    lines.push(server.complete ? say('search.serverAll') : say('search.serverPart'));
    if (server.upTo !== null && server.complete)
      lines[0] = say('search.serverUpTo', { time: moment(server.upTo) });
  } else if (away) lines.push(say('search.serverAway', { reason: failure(away) }));
  if (local)
    lines.push(
      local.complete
        ? say('search.deviceAll')
        : local.waiting > 0
          ? say('search.deviceIndexing', { count: local.waiting })
          : local.from === null
            ? say('search.devicePart', { count: local.missing })
            : say('search.deviceFrom', { time: moment(local.from) }),
    );
  return (
    <p className="search-coverage" data-testid="search-coverage">
      {lines.join(' ')}
    </p>
  );
}
