/** The words of the export of one's own data. */
export const englishExport = {
  'export.menu': 'Export your data…',
  'export.title': 'Export your data',
  'export.lead':
    'Every conversation of {name} as a page to read and as JSON, with its files, in a folder that you choose. What is not on this device is fetched from the server first.',
  'export.begin': 'Choose a folder…',
  'export.again': 'Export again…',
  'export.check': 'Check an export…',
  'export.cancel': 'Cancel',
  'export.conversations': 'Writing conversations: {done} of {of} entries',
  'export.files': 'Writing files: {done} of {of}',
  'export.closing': 'Writing what the export has…',
  'export.resumed': 'It goes on where an earlier export ended.',
  'export.done':
    '{messages, plural, one {# message} other {# messages}} in {conversations, plural, one {# conversation} other {# conversations}} and {files, plural, one {# file} other {# files}}, {size}.',
  'export.missing':
    '{entries, plural, one {# entry} other {# entries}} and {files, plural, one {# file} other {# files}} were neither here nor at the server. The export names them.',
  'export.cancelled': 'Cancelled. Choose the same folder to go on.',
  'export.failed': 'The export ended: {reason} Choose the same folder to go on.',
  'export.reveal': 'Show in folder',
  'export.progress': 'Export',
  'export.checking': 'Reading all of it…',
  'export.whole': 'This export is whole.',
  'export.broken':
    '{count, plural, one {# file is not as it should be:} other {# files are not as they should be:}}',
  'export.of': 'Of {name} at {server}, written {when}.',
  'export.fault.missing': '{path} is missing',
  'export.fault.changed': '{path} was changed',
  'export.fault.unknown': '{path} is not part of it',
  'export.fault.count': '{path} does not have as many entries as it should',
  'failure.no_export': 'There is no export in this folder.',
  'failure.export_unfinished':
    'This export was not finished. Export into the same folder again to go on with it.',
} as const;
