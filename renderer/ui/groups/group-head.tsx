import type { GroupFacts } from '@matchbook/protocol/bridge/people';
import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import {
  DESCRIPTION_LENGTH,
  descriptionOf,
  settingsBytes,
  withDescription,
} from '@matchbook/protocol/group-settings';
import { LIMITS } from '@matchbook/protocol/limits';
import { Pencil } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { GroupPicture } from '../files/own-picture.tsx';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { useMatchbook } from '../use-store.ts';
import { ChangeOf } from './change-line.tsx';
import { groupNameFault } from './new-group-dialog.tsx';

/** Name, picture and description of a group; its owners and admins change them here. */
export function GroupHead(props: {
  account: AccountSummary;
  row: ConversationRow;
  facts: GroupFacts;
  name: string;
}) {
  const { account, row, facts, name } = props;
  const { say } = useWords();
  const [editing, setEditing] = useState(false);
  const changes = row.changes ?? [];
  const waiting = changes.findLast(
    ({ append, delivery }) => append.kind === 'settings' && delivery !== 'failed',
  );
  const settings =
    waiting && 'body' in waiting.append && waiting.append.body ? waiting.append.body : facts.settings;
  const description = descriptionOf(settings);
  const steward = row.member && row.role !== 'member';
  return (
    <section className="group-head">
      <span className="group-picture" data-slot="group-picture">
        {steward ? (
          <GroupPicture row={row} user={account.user} />
        ) : (
          <ConversationAvatar row={row} user={account.user} />
        )}
      </span>
      {editing ? (
        <HeadForm {...props} settings={settings} onDone={() => setEditing(false)} />
      ) : (
        <>
          <h3>
            <bdi>{name}</bdi>
          </h3>
          <p className="fine">{say('group.members', { count: facts.members.length })}</p>
          {description !== null ? (
            <p className="group-description" dir="auto" data-testid="group-description">
              {description}
            </p>
          ) : (
            steward && <p className="fine">{say('group.noDescription')}</p>
          )}
          {steward && (
            <button
              type="button"
              className="button small"
              data-testid="group-edit"
              onClick={() => setEditing(true)}
            >
              <Pencil size={14} aria-hidden="true" />
              {say('group.edit')}
            </button>
          )}
        </>
      )}
      <ChangeOf account={account.account} changes={changes} what="rename" />
      <ChangeOf account={account.account} changes={changes} what="settings" />
      <ChangeOf account={account.account} changes={changes} what="picture" />
      <ChangeOf account={account.account} changes={changes} what="leave" />
    </section>
  );
}

function HeadForm(props: {
  row: ConversationRow;
  name: string;
  settings: GroupFacts['settings'];
  onDone: () => void;
}) {
  const { row, settings, onDone } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  /** As one found them: what somebody else changed meanwhile, and one did not touch, stays as it is now. */
  const [before] = useState({ name: props.name, text: descriptionOf(settings) ?? '' });
  const [name, setName] = useState(before.name);
  const [text, setText] = useState(before.text);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const address = { account: row.account, conv: row.conv };
    const body = withDescription(settings, text);
    const long = [...text.trim()].length > DESCRIPTION_LENGTH || settingsBytes(body) > LIMITS.groupFactsBytes;
    const fault =
      groupNameFault(name, words) ??
      (long ? say('group.descriptionLong', { limit: DESCRIPTION_LENGTH }) : null);
    setError(fault);
    if (fault !== null || saving) return;
    const work = [
      ...(name.trim() === before.name ? [] : [() => store.groups.rename(address, name)]),
      ...(text.trim() === before.text.trim() ? [] : [() => store.groups.settings(address, body)]),
    ];
    setSaving(true);
    for (const step of work) {
      const answer = await step();
      if (!answer.ok) {
        setSaving(false);
        setError(words.failure(answer.failure));
        return;
      }
    }
    onDone();
  };
  return (
    <form
      className="form group-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    >
      <label className="field" htmlFor={`${id}-name`}>
        <span>{say('group.name')}</span>
        <input
          id={`${id}-name`}
          dir="auto"
          data-testid="group-rename"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="field" htmlFor={`${id}-text`}>
        <span>{say('group.description')}</span>
        <textarea
          id={`${id}-text`}
          dir="auto"
          rows={3}
          data-testid="group-describe"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <div className="group-form-actions">
        <button type="button" className="button small" onClick={onDone}>
          {say('base.cancel')}
        </button>
        <button type="submit" className="button small primary" disabled={saving} data-testid="group-save">
          {say('group.save')}
        </button>
      </div>
    </form>
  );
}
