import { useCallback, useState, useSyncExternalStore } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useDesk, useKnown } from '../desk.ts';
import { ExportDialog } from '../export/export-dialog.tsx';
import { EventDetail } from './event-detail.tsx';
import { FilterBar } from './filter-bar.tsx';
import { LogRows } from './log-rows.tsx';
import { choose, indexOf, isChosen, NOTHING, type Selection } from './selection.ts';

/** The event log: live, or of a file. */
export function LogPanel() {
  const desk = useDesk();
  const { say } = useWords();
  const file = useKnown((known) => known.file);
  const liveNames = useKnown((known) => known.names);
  const book = file?.book ?? desk.live;
  const names = file?.names ?? liveNames;
  const view = useSyncExternalStore(book.subscribe, book.view);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [follow, setFollow] = useState(file === null);
  const [exporting, setExporting] = useState(false);
  const { rows, count } = view;
  const at = selection.active === null ? -1 : indexOf(rows, count, selection.active);
  const active = rows[at]?.no === selection.active ? rows[at]! : null;
  const ranged = selection.anchor !== null && selection.anchor !== selection.active;

  const onChoose = useCallback((no: number, extend: boolean) => {
    setFollow(false);
    setSelection((before) => choose(before, no, extend));
  }, []);
  const onAll = useCallback(() => {
    const [first, last] = [rows[0], rows[count - 1]];
    if (first && last) setSelection({ anchor: first.no, active: last.no });
  }, [rows, count]);

  return (
    <div className="log-panel">
      {file && (
        <div className="diag-banner" data-testid="file-banner">
          <div>
            <p className="setting-label">{say('file.title', { name: file.name })}</p>
            <p className="fine">
              {say('file.lead', {
                exported: file.exported,
                version: file.version || '?',
                skipped: file.skipped,
              })}
            </p>
          </div>
          <button
            type="button"
            className="button small"
            data-testid="file-close"
            onClick={() => desk.closeFile()}
          >
            {say('file.close')}
          </button>
        </div>
      )}
      <FilterBar
        book={book}
        view={view}
        live={file === null}
        follow={follow}
        onFollow={setFollow}
        onExport={() => setExporting(true)}
      />
      <div className={active ? 'log-split has-detail' : 'log-split'}>
        <LogRows
          view={view}
          names={names}
          selection={selection}
          follow={follow && !view.paused}
          onFollow={setFollow}
          onChoose={onChoose}
          onAll={onAll}
          onCopy={() => setExporting(true)}
        />
        {active && (
          <EventDetail
            event={active}
            names={names}
            onFollowId={(id) => book.setFilter({ ...view.filter, text: id, show: 'all', type: '' })}
            onClose={() => setSelection(NOTHING)}
          />
        )}
      </div>
      {exporting && (
        <ExportDialog
          events={
            ranged ? rows.slice(0, count).filter(({ no }) => isChosen(selection, no)) : rows.slice(0, count)
          }
          ofSelection={ranged}
          names={names}
          onClose={() => setExporting(false)}
        />
      )}
    </div>
  );
}
