import type { TrayFile } from '@matchbook/protocol/bridge/files';
import { CircleAlert, File as FileIcon, Film, LoaderCircle, Music, X } from 'lucide-react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { type Address, addressKey } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { FileName } from './file-name.tsx';
import { fileUrl } from './file-url.ts';
import { kindOf } from './kinds.ts';
import { useQuantities } from './quantities.ts';

/** Files of one reason that are called by name. */
const NAMED = 3;

/** What lies above the text and goes with it; what could not be taken, and why. */
export function Tray({ address, tray }: { address: Address; tray: readonly TrayFile[] }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const { bytes } = useQuantities();
  const key = addressKey(address);
  const copying = useStore(store.files.state, (state) => state.copying[key] ?? 0);
  const refused = useStore(store.files.state, (state) => state.refused[key]) ?? [];
  if (tray.length === 0 && copying === 0 && refused.length === 0) return null;
  return (
    <div className="tray">
      {refused.length > 0 && (
        <div className="tray-refused error" role="alert" data-testid="tray-refused">
          <CircleAlert size={15} aria-hidden="true" />
          <ul>
            {byReason(refused.map((one) => ({ name: one.name, reason: failure(one.failure) }))).map(
              ({ names, reason }) => (
                <li key={reason}>
                  {names.length > NAMED
                    ? say('files.refusedMany', {
                        names: names.slice(0, NAMED).join(', '),
                        count: names.length - NAMED,
                        reason,
                      })
                    : say('files.refused', { name: names.join(', '), reason })}
                </li>
              ),
            )}
          </ul>
          <button
            type="button"
            className="button icon quiet small-icon"
            aria-label={say('base.close')}
            onClick={() => store.files.closeRefused(address)}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      )}
      {(tray.length > 0 || copying > 0) && (
        <ul className="tray-list" aria-label={say('files.tray')}>
          {tray.map((file) => (
            <li key={file.id} className="tray-file" data-testid="tray-file">
              <Sight account={address.account} file={file} />
              <span className="file-words">
                <FileName name={file.name} />
                <span className="fine">{bytes(file.size)}</span>
              </span>
              <button
                type="button"
                className="button icon quiet small-icon"
                aria-label={say('files.remove', { name: file.name })}
                title={say('files.remove', { name: file.name })}
                onClick={() => {
                  void store.files.detach(address, file.id);
                  focusComposer();
                }}
              >
                <X size={16} aria-hidden="true" />
              </button>
            </li>
          ))}
          {copying > 0 && (
            <li className="tray-file appears-late" aria-live="polite">
              <LoaderCircle size={18} className="spin" aria-hidden="true" />
              <span className="fine">{say('files.copying', { count: copying })}</span>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/** Those with the same reason together, in the order in which they came. */
function byReason(refused: readonly { name: string; reason: string }[]) {
  const groups = new Map<string, string[]>();
  for (const { name, reason } of refused) groups.set(reason, [...(groups.get(reason) ?? []), name]);
  return [...groups].map(([reason, names]) => ({ reason, names }));
}

function Sight({ account, file }: { account: string; file: TrayFile }) {
  const kind = kindOf(file);
  if (kind === 'picture')
    return <img className="tray-picture" src={fileUrl(account, file.hash)} alt="" decoding="async" />;
  const Icon = kind === 'video' ? Film : kind === 'sound' ? Music : FileIcon;
  return (
    <span className="tray-picture" aria-hidden="true">
      <Icon size={20} />
    </span>
  );
}
