import type { OpenInvitation } from '@matchbook/protocol/http/invitations';
import { Link, RotateCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { CopyButton } from '../copy-button.tsx';
import { useMatchbook } from '../use-store.ts';
import { QrCode } from './qr-code.tsx';

const HOUR = 3_600_000;
const LIVES = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const;
type Life = keyof typeof LIVES;
const USES = ['1', '5', '25', '100'] as const;

/** Links into a group, or to oneself where `conv` is null: a new one, and those that are still good. */
export function Invitations({ account, conv }: { account: string; conv: string | null }) {
  const store = useMatchbook();
  const { say, failure, moment } = useWords();
  const [life, setLife] = useState<Life>('day');
  const [uses, setUses] = useState<(typeof USES)[number]>('1');
  const [made, setMade] = useState<{ link: string; expires: number } | null>(null);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [living, setLiving] = useState<OpenInvitation[] | null>(null);
  const load = useCallback(async () => {
    const answer = await store.groups.invitations(account);
    if (answer.ok) setLiving(answer.value.filter((one) => one.conv === conv));
    else setError(failure(answer.failure));
  }, [store, account, conv, failure]);
  useEffect(() => void load(), [load]);
  const make = async () => {
    setWorking(true);
    setError(null);
    const request = { account, ...(conv === null ? {} : { conv }), life: LIVES[life], uses: Number(uses) };
    const answer = await store.groups.invite(request);
    setWorking(false);
    if (!answer.ok) {
      setError(answer.failure.kind === 'not_allowed' ? say('group.notAllowed') : failure(answer.failure));
      return;
    }
    setMade(answer.value);
    void load();
  };
  const revoke = async (id: string) => {
    setError(null);
    const answer = await store.groups.revoke(account, id);
    if (!answer.ok && answer.failure.kind !== 'not_found') setError(failure(answer.failure));
    void load();
  };
  return (
    <section className="invites" aria-label={say('invites.title')}>
      <p className="fine">{say('invites.lead')}</p>
      <Select
        label={say('invites.life')}
        value={life}
        options={(Object.keys(LIVES) as Life[]).map((value) => ({
          value,
          label: say(`invites.life.${value}`),
        }))}
        onChange={setLife}
        testId="invite-life"
      />
      <Select
        label={say('invites.uses')}
        value={uses}
        options={USES.map((value) => ({ value, label: say('invites.uses.count', { count: Number(value) }) }))}
        onChange={setUses}
        testId="invite-uses"
      />
      <button
        type="button"
        className="button primary wide"
        data-testid="invite-make"
        disabled={working}
        onClick={() => void make()}
      >
        <Link size={16} aria-hidden="true" />
        {say(working ? 'invites.making' : 'invites.make')}
      </button>
      {error !== null && (
        <div className="change change-failed">
          <p className="error" role="alert" data-testid="invite-error">
            {error}
          </p>
          <button
            type="button"
            className="button icon quiet small"
            aria-label={say('invite.again')}
            onClick={() => {
              setError(null);
              void load();
            }}
          >
            <RotateCw size={14} aria-hidden="true" />
          </button>
        </div>
      )}
      {made && (
        <div className="invite-made" data-testid="invite-made">
          <QrCode text={made.link} label={say('invites.qr')} />
          <input
            className="mono"
            readOnly
            dir="ltr"
            aria-label={say('invites.link')}
            data-testid="invite-link"
            value={made.link}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton
            text={made.link}
            label={say('invite.copy')}
            copied={say('invite.copied')}
            testId="invite-copy"
          />
          <p className="fine">{say('invites.qrHint')}</p>
        </div>
      )}
      <h4>{say('invites.living')}</h4>
      {living === null ? (
        error === null && <p className="progress">{say('invites.loading')}</p>
      ) : living.length === 0 ? (
        <p className="fine">{say('invites.none')}</p>
      ) : (
        <ul className="invite-list">
          {living.map((one) => (
            <li key={one.id} data-testid="invite-living">
              <span>
                {say('invites.used', { uses: one.uses, most: one.maxUses, until: moment(one.expires) })}
              </span>
              <button
                type="button"
                className="button small"
                data-testid="invite-revoke"
                aria-label={say('invites.revokeOf', { until: moment(one.expires) })}
                onClick={() => void revoke(one.id)}
              >
                {say('invites.revoke')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
