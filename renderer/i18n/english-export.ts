/** The words of the export of one's own data. */
export const englishExport = {
  'mydata.menu': 'Export your data…',
  'mydata.title': 'Export your data',
  'mydata.lead':
    'Every conversation of {name} as a page to read and as JSON, with its files, in a folder that you choose. What is not on this device is fetched from the server first.',
  'mydata.begin': 'Choose a folder…',
  'mydata.again': 'Export again…',
  'mydata.check': 'Check an export…',
  'mydata.cancel': 'Cancel',
  'mydata.fetching': 'Fetching what is not on this device: {done} of {of} entries',
  'mydata.conversations': 'Writing conversations: {done} of {of} entries',
  'mydata.files': 'Writing files: {done} of {of}',
  'mydata.closing': 'Writing the pages: {done} of {of} entries',
  'mydata.resumed': 'It goes on where an earlier export ended.',
  'mydata.done':
    '{messages, plural, one {# message} other {# messages}} in {conversations, plural, one {# conversation} other {# conversations}} and {files, plural, one {# file} other {# files}}, {size}.',
  'mydata.missingEntries':
    '{count, plural, one {# entry was neither here nor at the server.} other {# entries were neither here nor at the server.}}',
  'mydata.unansweredEntries':
    '{count, plural, one {# entry is missing: it is not on this device, and the server did not answer.} other {# entries are missing: they are not on this device, and the server did not answer.}}',
  'mydata.lockedEntries':
    '{count, plural, one {# entry is missing: it is not on this device, and the server did not let it be asked for.} other {# entries are missing: they are not on this device, and the server did not let them be asked for.}}',
  'mydata.missingFiles':
    '{count, plural, one {# file was neither here nor at the server.} other {# files were neither here nor at the server.}} The pages say which.',
  'mydata.unansweredFiles':
    '{count, plural, one {# file is missing: it is not on this device, and did not come from the server.} other {# files are missing: they are not on this device, and did not come from the server.}} The pages say which.',
  'mydata.whenItAnswers': 'Export into the same folder once the server answers: what is missing is added.',
  'mydata.signInFirst': 'Sign in again, then export into the same folder: what is missing is added.',
  'mydata.cancelled': 'Cancelled. Choose the same folder to go on.',
  'mydata.failed': 'The export ended: {reason} Choose the same folder to go on.',
  'mydata.reveal': 'Show in folder',
  'mydata.progress': 'Export',
  'mydata.checking': 'Reading all of it…',
  'mydata.whole': 'This export is whole.',
  'mydata.broken':
    '{count, plural, one {# file is not as it should be:} other {# files are not as they should be:}}',
  'mydata.of': 'Of {name} at {server}, written {when}.',
  'mydata.fault.missing': '{path} is missing',
  'mydata.fault.changed': '{path} was changed',
  'mydata.fault.unknown': '{path} is not part of it',
  'mydata.fault.count': '{path} does not have as many entries as it should',
} as const;
