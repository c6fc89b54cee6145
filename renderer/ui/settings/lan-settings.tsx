import type { EmbeddedServer, EmbeddedView } from '@matchbook/protocol/bridge/embedded';
import { type FormEvent, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { Switch } from '../base/switch.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** In the list of addresses: by itself, and one that is written. */
const ITSELF = 'itself';
const WRITTEN = 'written';

/** Whether people on other computers reach the servers of this app, and by which address. Nothing where it runs none. */
export function LanSettings() {
  const embedded = useKnown((state) => state.app?.embedded ?? null);
  return embedded && <Letting lan={embedded.lan} />;
}

function Letting({ lan }: { lan: EmbeddedView['lan'] }) {
  const { accounts } = useMatchbook();
  const { say, failure } = useWords();
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  /** The person is about to write an address. */
  const [writing, setWriting] = useState(false);
  const choose = async (on: boolean, address: string | null) => {
    setWorking(true);
    const answer = await accounts.letIn(on, address);
    setWorking(false);
    setTrouble(answer.ok ? null : failure(answer.failure));
    if (answer.ok) setWriting(false);
  };
  const offered = lan.addresses.filter((address) => address !== lan.chosen);
  const isOffered = lan.chosen === null || lan.addresses.includes(lan.chosen);
  const [first] = lan.addresses;
  const options = [
    { value: ITSELF, label: first ? say('lan.itself', { address: first }) : say('lan.noNetwork') },
    ...(lan.chosen === null ? [] : [{ value: lan.chosen, label: lan.chosen }]),
    ...offered.slice(lan.chosen === null ? 1 : 0).map((address) => ({ value: address, label: address })),
    { value: WRITTEN, label: say('lan.write') },
  ];
  return (
    <section className="lan" aria-labelledby="lan-title">
      <h3 id="lan-title">{say('lan.title')}</h3>
      <Switch
        label={say('lan.label')}
        hint={say('lan.hint')}
        checked={lan.on}
        disabled={working}
        onChange={(on) => void choose(on, lan.chosen)}
        setting="lan"
        testId="lan-on"
      />
      {trouble && !writing && (
        <p className="error" role="alert">
          {trouble}
        </p>
      )}
      {lan.on && (
        <>
          {lan.keyTrouble ? (
            <div className="lan-trouble" role="alert" data-testid="lan-key-trouble">
              <p className="error">{say('lan.noKey')}</p>
              <p className="fine">{say('lan.noKeyHint')}</p>
              <p className="fine mono" dir="ltr">
                {lan.keyTrouble.path}
                <br />
                {lan.keyTrouble.detail}
              </p>
              <button
                type="button"
                className="button small"
                disabled={working}
                onClick={() => void choose(true, lan.chosen)}
              >
                {say('server.retry')}
              </button>
            </div>
          ) : (
            <p className="fine" role="status" data-testid="lan-state">
              <FrontState front={lan.front} port={lan.port} />
            </p>
          )}
          <Select
            label={say('lan.address')}
            hint={say('lan.addressHint')}
            value={writing ? WRITTEN : (lan.chosen ?? ITSELF)}
            options={options}
            disabled={working}
            onChange={(value) => {
              if (value === WRITTEN) setWriting(true);
              else void choose(true, value === ITSELF ? null : value);
            }}
            testId="lan-address"
          />
          {writing && (
            <AddressForm
              present={isOffered ? '' : (lan.chosen ?? '')}
              port={lan.port}
              trouble={trouble}
              onKeep={(address) => void choose(true, address)}
            />
          )}
          {lan.words && (
            <div className="setting">
              <div className="setting-words">
                <span className="setting-label">{say('lan.words')}</span>
                <span className="fine">{say('lan.wordsHint')}</span>
                <span className="mono" dir="ltr" data-testid="lan-words">
                  {lan.words}
                </span>
              </div>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function AddressForm(props: {
  present: string;
  port: number | null;
  trouble: string | null;
  onKeep: (address: string) => void;
}) {
  const { say } = useWords();
  const [text, setText] = useState(props.present);
  const id = useId();
  const keep = (event: FormEvent) => {
    event.preventDefault();
    props.onKeep(text.trim());
  };
  return (
    <form className="lan-address" onSubmit={keep} noValidate>
      <label className="field" htmlFor={id}>
        <span>{say('lan.written')}</span>
        <input
          id={id}
          className="input mono"
          dir="ltr"
          data-testid="lan-written"
          autoComplete="off"
          spellCheck={false}
          value={text}
          aria-invalid={props.trouble !== null}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={text.trim() === ''}>
        {say('server.save')}
      </button>
      <p id={`${id}-hint`} className={props.trouble ? 'error' : 'fine'} aria-live="polite">
        {props.trouble ?? say('lan.writtenHint', { port: String(props.port ?? '') })}
      </p>
    </form>
  );
}

function FrontState({ front, port }: { front: EmbeddedServer | null; port: number | null }) {
  const { say } = useWords();
  const at = { port: String(port ?? '') };
  if (front === null || front.state === 'starting' || front.state === 'stopped') return say('lan.starting');
  if (front.state === 'running') return say('lan.running', at);
  return say('lan.trouble', { ...at, detail: front.detail ?? '' });
}
