import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import { Check, Copy, Download } from 'lucide-react';
import { useLayoutEffect, useState } from 'react';
import { VList } from 'virtua';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../../ui/base/dialog.tsx';
import { Switch } from '../../ui/base/switch.tsx';
import { useDesk, useKnown } from '../desk.ts';
import { inSlices } from '../in-slices.ts';
import type { Names } from '../log/names.ts';
import { size } from '../quantities.ts';
import { CAREFUL, type Exported, type ExportOptions, exporting } from './export-text.ts';

/** As LOG_LIMITS.export of the contract, with room for what is not ASCII. */
const MOST = 60 * 1024 * 1024;

/** Before anything is made. */
const NONE: Exported = {
  lines: [],
  replaced: { names: 0, addresses: 0, ids: 0, contents: 0 },
  characters: 0,
};

interface ExportDialogProps {
  events: readonly NumberedEvent[];
  /** They were chosen one by one, not by the filter. */
  ofSelection: boolean;
  names: Names;
  onClose: () => void;
}

/** The preview of what leaves, and the two ways out. The text that is shown is the text that is copied or saved. */
export function ExportDialog({ events: given, ofSelection, names, onClose }: ExportDialogProps) {
  const desk = useDesk();
  const words = useWords();
  const { say } = words;
  // As they were when the dialog opened: what is looked through does not change any more.
  const [events] = useState(given);
  const [context] = useState(() => ({ names, overview: desk.store.getState().overview, now: Date.now() }));
  const [options, setOptions] = useState<ExportOptions>(CAREFUL);
  const [done, setDone] = useState<string | null>(null);
  const failure = useKnown((known) => known.failure);
  const [made, setMade] = useState<{ by: ExportOptions; exported: Exported }>({
    by: options,
    exported: NONE,
  });
  const { exported } = made;
  // Until it is as the switches say, nothing leaves.
  const isReady = made.by === options && exported !== NONE;
  useLayoutEffect(
    () => inSlices(exporting(events, options, context), (done) => setMade({ by: options, exported: done })),
    [events, options, context],
  );
  const hasContents = events.some(({ contents }) => contents !== undefined);
  const disabled = !isReady || exported.characters > MOST;
  const tooLarge = exported.characters > MOST;
  const set = (change: Partial<ExportOptions>) => {
    setDone(null);
    setOptions({ ...options, ...change });
  };
  const text = () => `${exported.lines.join('\n')}\n`;
  const copy = async () => {
    if ((await desk.copy(text())) !== undefined) setDone(say('export.copied'));
  };
  const save = async () => {
    const stamp = new Date(context.now).toISOString().slice(0, 16).replace(/[:T]/g, '-');
    const saved = await desk.save(`matchbook-log-${stamp}.jsonl`, text());
    if (saved) setDone(say('export.saved', { path: saved.path }));
  };
  const what = say(ofSelection ? 'export.selection' : 'export.filtered', { count: events.length });
  return (
    <Dialog
      open
      size="wide"
      title={say('export.title')}
      description={say('export.lead')}
      testId="export-dialog"
      onClose={onClose}
    >
      <p className="export-what">{say('export.what', { what })}</p>
      <div className="export-options">
        <Switch
          label={say('export.names')}
          hint={say('export.namesHint')}
          checked={options.replaceNames}
          testId="export-names"
          onChange={(replaceNames) => set({ replaceNames })}
        />
        <Switch
          label={say('export.ids')}
          hint={say('export.idsHint')}
          checked={options.replaceIds}
          testId="export-ids"
          onChange={(replaceIds) => set({ replaceIds })}
        />
        {hasContents && (
          <Switch
            label={say('export.contents')}
            hint={say('export.contentsHint')}
            checked={options.contents}
            testId="export-contents"
            onChange={(contents) => set({ contents })}
          />
        )}
      </div>
      {exported !== NONE && <Redactions exported={exported} options={made.by} hasContents={hasContents} />}
      <h3 className="export-head">
        {say('export.preview')}
        <span className="fine">
          {say('export.size', { lines: exported.lines.length, bytes: size(exported.characters, words) })}
        </span>
      </h3>
      <section
        className="export-preview mono"
        aria-label={say('export.preview')}
        aria-busy={!isReady}
        dir="ltr"
        data-testid="export-preview"
      >
        <VList className="export-list" tabIndex={0} data={exported.lines} itemSize={22}>
          {(line, index) => (
            <div key={index} className="export-line">
              {line}
            </div>
          )}
        </VList>
      </section>
      {tooLarge && <p className="error">{say('export.tooLarge', { limit: size(MOST, words) })}</p>}
      {failure && <p className="error">{words.failure(failure)}</p>}
      <p className="export-done" role="status" data-testid="export-done">
        {done !== null && (
          <>
            <Check size={14} aria-hidden="true" /> {done}
          </>
        )}
      </p>
      <DialogActions>
        <button
          type="button"
          className="button"
          data-testid="export-copy"
          disabled={disabled}
          onClick={() => void copy()}
        >
          <Copy size={16} aria-hidden="true" />
          {say('export.copy')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="export-save"
          disabled={disabled}
          onClick={() => void save()}
        >
          <Download size={16} aria-hidden="true" />
          {say('export.save')}
        </button>
      </DialogActions>
    </Dialog>
  );
}

function Redactions(props: { exported: Exported; options: ExportOptions; hasContents: boolean }) {
  const { exported, options, hasContents } = props;
  const { say } = useWords();
  const { names, addresses, ids, contents } = exported.replaced;
  return (
    <section className="export-redactions" data-testid="export-redactions">
      <h3>{say('export.redactions')}</h3>
      <ul>
        <li>{say('export.secrets')}</li>
        <li>
          {options.contents
            ? say('export.withContents')
            : hasContents
              ? say('export.leftContents', { count: contents })
              : say('export.noContents')}
        </li>
        <li>
          {options.replaceNames ? say('export.replacedNames', { names, addresses }) : say('export.keptNames')}
        </li>
        <li>{options.replaceIds ? say('export.replacedIds', { ids }) : say('export.keptIds')}</li>
      </ul>
    </section>
  );
}
