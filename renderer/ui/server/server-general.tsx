import type { ServerSettings } from '@matchbook/protocol/http/admin';
import { type FormEvent, useCallback, useEffect, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { useMatchbook } from '../use-store.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** Between two looks at a check of the files that goes on, ms. */
const CHECK_TURN = 2_000;
const REGISTRATIONS = ['open', 'invitation', 'closed'] as const;

/** Its name, who may come in, what it holds and whether its files are whole. */
export function ServerGeneral({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const { say } = useWords();
  const settings = useAnswer(useCallback(() => admin.settings(account), [admin, account]));
  if (settings.value === null) return <Problem answer={settings} />;
  const { value } = settings;
  const set = (change: Partial<ServerSettings>) => void settings.act(admin.set(account, change));
  return (
    <div className="server-part">
      <Problem answer={settings} />
      <NameForm key={value.name} name={value.name} onSave={(name) => set({ name })} />
      <p className="fine">{say('server.nameHint')}</p>
      <Select
        label={say('server.registration')}
        value={value.registration}
        options={REGISTRATIONS.map((one) => ({ value: one, label: say(`server.registration.${one}`) }))}
        onChange={(registration) => set({ registration })}
        testId="server-registration"
      />
      {/* An older server does not say. */}
      {value.fileBytes !== undefined && (
        <LimitForm
          key={`${value.fileBytes} ${value.quotaBytes}`}
          fileBytes={value.fileBytes}
          quotaBytes={value.quotaBytes}
          onSave={set}
        />
      )}
      <Storage account={account} />
    </div>
  );
}

function NameForm({ name: present, onSave }: { name: string; onSave: (name: string) => void }) {
  const { say } = useWords();
  const [name, setName] = useState(present);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(name.trim());
  };
  return (
    <form className="server-name" onSubmit={submit}>
      <label className="field" htmlFor={id}>
        <span>{say('server.name')}</span>
        <input
          id={id}
          dir="auto"
          className="input"
          data-testid="server-name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={name.trim() === present || name.trim() === ''}>
        {say('server.save')}
      </button>
    </form>
  );
}

const MEGABYTE = 1024 * 1024;
/** As the server has it: 1 TiB. */
const MOST_MEGABYTES = 1024 * 1024;

/** What files may take, in megabytes. */
function LimitForm(props: {
  fileBytes: number;
  quotaBytes: number;
  onSave: (change: Partial<ServerSettings>) => void;
}) {
  const { onSave } = props;
  const { say } = useWords();
  const id = useId();
  const present = {
    fileBytes: Math.round(props.fileBytes / MEGABYTE),
    quotaBytes: Math.round(props.quotaBytes / MEGABYTE),
  };
  const [typed, setTyped] = useState({
    fileBytes: String(present.fileBytes),
    quotaBytes: String(present.quotaBytes),
  });
  const names = ['fileBytes', 'quotaBytes'] as const;
  const wrong = (name: keyof typeof typed) => {
    const number = Number(typed[name]);
    return !Number.isInteger(number) || number < 1 || number > MOST_MEGABYTES;
  };
  const changed = names.filter((name) => Number(typed[name]) !== present[name]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(Object.fromEntries(changed.map((name) => [name, Number(typed[name]) * MEGABYTE])));
  };
  return (
    <form className="server-name" onSubmit={submit}>
      {names.map((name) => (
        <div key={name} className="field">
          <label htmlFor={`${id}-${name}`}>{say(`server.${name}`)}</label>
          <input
            id={`${id}-${name}`}
            type="number"
            inputMode="numeric"
            min={1}
            max={MOST_MEGABYTES}
            className="input"
            data-testid={`server-${name}`}
            aria-invalid={changed.includes(name) && wrong(name)}
            aria-describedby={changed.includes(name) && wrong(name) ? `${id}-wrong` : undefined}
            value={typed[name]}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        </div>
      ))}
      <button
        type="submit"
        className="button"
        data-testid="server-limits-save"
        disabled={changed.length === 0 || changed.some(wrong)}
      >
        {say('server.save')}
      </button>
      {changed.some(wrong) && (
        <p id={`${id}-wrong`} className="error" role="alert">
          {say('server.limitWrong', { least: 1, most: MOST_MEGABYTES })}
        </p>
      )}
    </form>
  );
}

function Storage({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const words = useWords();
  const { say, moment, bytes, list, number } = words;
  const answer = useAnswer(useCallback(() => admin.storage(account), [admin, account]));
  const { reload } = answer;
  const check = answer.value?.files.check ?? null;
  const checking = check !== null && check.finishedAt === null;
  // A round is told of by nobody: it is asked for while one looks on.
  useEffect(() => {
    if (!checking) return;
    const turn = setInterval(() => void reload(), CHECK_TURN);
    return () => clearInterval(turn);
  }, [checking, reload]);
  if (answer.value === null) return <Problem answer={answer} />;
  const { storage, files } = answer.value;
  const lines: [string, string][] = [
    [say('server.storage.people'), number(storage.users)],
    [say('server.storage.conversations'), number(storage.conversations)],
    [say('server.storage.messages'), number(storage.messages)],
    [say('server.storage.database'), bytes(storage.databaseBytes)],
    [
      say('server.storage.files'),
      say('server.storage.filesValue', { count: storage.files, size: bytes(storage.fileBytes) }),
    ],
    [say('server.storage.outbound'), number(storage.outbound)],
  ];
  const { faults, names = {} } = files;
  return (
    <section>
      <h3>{say('server.storage')}</h3>
      <dl className="server-figures" data-testid="server-storage">
        {lines.map(([label, figure]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <Problem answer={answer} />
      <p className={faults.length > 0 ? 'error' : 'fine'}>
        {check === null
          ? say('server.filesNever')
          : check.finishedAt === null
            ? say('server.filesChecking', { count: check.files })
            : faults.length > 0
              ? say('server.filesFaults', { count: faults.length })
              : say('server.filesWhole', { time: moment(check.finishedAt) })}
      </p>
      {faults.length > 0 && (
        <ul className="server-list" data-testid="server-faults">
          {faults.map((fault) => (
            <li key={`${fault.hash}/${fault.part}`}>
              <span className="server-words">
                <span>
                  {say(`server.fault.${fault.what}`, { type: fault.type, size: bytes(fault.size) })}
                </span>
                <small>
                  {[
                    ...(fault.owners.length === 0
                      ? []
                      : [
                          say('server.broughtBy', {
                            names: list(fault.owners.map((user) => names[user] ?? user)),
                          }),
                        ]),
                    say('server.foundAt', { time: moment(fault.foundAt) }),
                  ].join(' · ')}
                </small>
              </span>
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="button small"
        disabled={checking}
        data-testid="server-check-files"
        onClick={() => void answer.act(admin.checkFiles(account))}
      >
        {say('server.checkFiles')}
      </button>
    </section>
  );
}
