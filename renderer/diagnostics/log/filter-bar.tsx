import { ArrowDownToLine, FolderOpen, Pause, Play, Settings2, Share } from 'lucide-react';
import { useId } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Popover } from '../../ui/base/popover.tsx';
import { Select } from '../../ui/base/select.tsx';
import { Switch } from '../../ui/base/switch.tsx';
import { useDesk, useKnown } from '../desk.ts';
import type { BookView, EventBook } from './event-book.ts';
import { EVERYTHING, type Filter } from './filter.ts';

interface FilterBarProps {
  book: EventBook;
  view: BookView;
  live: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  onExport: () => void;
}

/** No type and no id of an account: `-` is neither. */
const ALL = '-';
const SHOWS: readonly Filter['show'][] = ['all', 'in', 'out', 'life'];

export function FilterBar({ book, view, live, follow, onFollow, onExport }: FilterBarProps) {
  const desk = useDesk();
  const { say } = useWords();
  const id = useId();
  const links = useKnown((known) => known.overview?.links);
  const contents = useKnown((known) => known.overview?.contents ?? false);
  const { filter, paused, missed, types, count, held } = view;
  const set = (change: Partial<Filter>) => {
    const next = { ...filter, ...change };
    const isAll = Object.entries(EVERYTHING).every(([key, value]) => next[key as keyof Filter] === value);
    book.setFilter(isAll ? EVERYTHING : next);
  };
  return (
    <div className="log-bar">
      <div className="log-tools">
        <input
          id={id}
          type="search"
          className="log-search"
          data-testid="log-filter"
          aria-label={say('log.filter')}
          placeholder={say('log.filterPlaceholder')}
          value={filter.text}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => set({ text: event.target.value })}
        />
        <Select
          label={say('log.show')}
          testId="log-show"
          value={filter.show}
          options={SHOWS.map((value) => ({ value, label: say(`log.show.${value}`) }))}
          onChange={(show) => set({ show })}
        />
        <Select
          label={say('log.type')}
          testId="log-type"
          value={filter.type || ALL}
          options={[
            { value: ALL, label: say('log.typeAll') },
            ...types.map((value) => ({ value, label: value })),
          ]}
          onChange={(type) => set({ type: type === ALL ? '' : type })}
        />
        {links && links.length > 1 && (
          <Select
            label={say('log.account')}
            testId="log-account"
            value={filter.account || ALL}
            options={[
              { value: ALL, label: say('log.accountAll') },
              ...links.map(({ account, name, serverName }) => ({
                value: account,
                label: `${name}, ${serverName}`,
              })),
            ]}
            onChange={(account) => set({ account: account === ALL ? '' : account })}
          />
        )}
      </div>
      <div className="log-tools">
        {live && (
          <>
            <button
              type="button"
              className="button small"
              data-testid="log-pause"
              aria-pressed={paused}
              onClick={() => (paused ? book.resume() : book.pause())}
            >
              {paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
              {say(paused ? 'log.resume' : 'log.pause')}
            </button>
            <button
              type="button"
              className="button small"
              data-testid="log-follow"
              aria-pressed={follow}
              onClick={() => onFollow(!follow)}
            >
              <ArrowDownToLine size={14} aria-hidden="true" />
              {say('log.follow')}
            </button>
            <Popover
              title={say('log.options')}
              trigger={
                <button type="button" className="button small" data-testid="log-options">
                  <Settings2 size={14} aria-hidden="true" />
                  {say('log.options')}
                </button>
              }
            >
              <Switch
                label={say('log.contents')}
                hint={say('log.contentsHint')}
                checked={contents}
                testId="log-contents"
                onChange={(on) => void desk.showContents(on)}
              />
            </Popover>
          </>
        )}
        <button type="button" className="button small" data-testid="log-export" onClick={onExport}>
          <Share size={14} aria-hidden="true" />
          {say('log.export')}
        </button>
        <button
          type="button"
          className="button small"
          data-testid="log-open"
          onClick={() => void desk.openFile()}
        >
          <FolderOpen size={14} aria-hidden="true" />
          {say('log.openFile')}
        </button>
      </div>
      <p className="log-count fine" role="status" data-testid="log-count" data-missed={missed}>
        {say('log.count', { shown: count, held })}
        {paused && <strong>{say('log.missed', { missed })}</strong>}
        {live && contents && <strong className="log-recording">{say('log.contentsOn')}</strong>}
      </p>
    </div>
  );
}
