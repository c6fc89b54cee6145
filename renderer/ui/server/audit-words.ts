import type { AuditEntry, Names, ServerSettings } from '@matchbook/protocol/http/admin';
import type { Words } from '../../i18n/words.tsx';

/** What an admin did, as a sentence. What a newer server notes is told by its name. */
export function auditWords(
  { actor, action, subject, detail }: AuditEntry,
  names: Names,
  words: Words,
): string {
  const { say, list } = words;
  const values = { actor: names[actor] ?? actor, name: names[subject] ?? subject };
  switch (action) {
    case 'user.change': {
      const { admin, disabled } = detail as { admin?: boolean; disabled?: boolean };
      const done = [
        ...(admin === undefined ? [] : [say(admin ? 'server.did.admin' : 'server.did.noAdmin', values)]),
        ...(disabled === undefined ? [] : [say(disabled ? 'server.did.close' : 'server.did.reopen', values)]),
      ];
      return done.length > 0 ? list(done) : other(action, values, say);
    }
    case 'user.sessions.end':
      return say('server.did.end', { ...values, count: (detail as { count?: number }).count ?? 0 });
    case 'dead-letter.retry':
      return say('server.did.retry', values);
    case 'dead-letter.drop':
      return say('server.did.drop', values);
    case 'files.check':
      return say('server.did.check', values);
    case 'report.close':
      return say('server.did.report', values);
    case 'settings.change':
      return say('server.did.set', { ...values, what: list(settingWords(detail, words)) });
    default:
      return other(action, values, say);
  }
}

const other = (action: string, { actor, name }: { actor: string; name: string }, say: Words['say']): string =>
  say('server.did.other', { actor, what: `${action} ${name}`.trim() });

function settingWords(detail: Partial<ServerSettings>, { say, bytes }: Words): string[] {
  const { name, registration, fileBytes, quotaBytes } = detail;
  const line = (label: string, value: string) => say('server.did.setting', { label, value });
  return [
    ...(name === undefined ? [] : [line(say('server.name'), name)]),
    ...(registration === undefined
      ? []
      : [line(say('server.registration'), say(`server.registration.${registration}`))]),
    ...(fileBytes === undefined ? [] : [line(say('server.fileBytes'), bytes(fileBytes))]),
    ...(quotaBytes === undefined ? [] : [line(say('server.quotaBytes'), bytes(quotaBytes))]),
  ];
}
