import type { ServerSettings } from '@matchbook/protocol/http/admin';
import { type FormEvent, useCallback, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { useMatchbook } from '../use-store.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

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

function Storage({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const words = useWords();
  const { say, moment, bytes } = words;
  const answer = useAnswer(useCallback(() => admin.storage(account), [admin, account]));
  if (answer.value === null) return <Problem answer={answer} />;
  const { storage, files } = answer.value;
  const lines: [string, string | number][] = [
    [say('server.storage.people'), storage.users],
    [say('server.storage.conversations'), storage.conversations],
    [say('server.storage.messages'), storage.messages],
    [say('server.storage.database'), bytes(storage.databaseBytes)],
    [
      say('server.storage.files'),
      say('server.storage.filesValue', { count: storage.files, size: bytes(storage.fileBytes) }),
    ],
    [say('server.storage.outbound'), storage.outbound],
  ];
  const { check, faults } = files;
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
      <button
        type="button"
        className="button small"
        disabled={check !== null && check.finishedAt === null}
        onClick={() => void answer.act(admin.checkFiles(account))}
      >
        {say('server.checkFiles')}
      </button>
    </section>
  );
}
