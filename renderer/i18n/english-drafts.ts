/** Texts that were begun: on several devices, and earlier ones. */
export const englishDrafts = {
  'draft.otherLabel': 'Another version of this text',
  'draft.other': 'Another version of this text, from {time}',
  'draft.use': 'Use it',
  'draft.both': 'Put both together',
  'draft.dismiss': 'Dismiss',
  'draft.earlier': 'Earlier texts…',
  'draft.earlierTitle': 'Earlier texts',
  'draft.earlierLead':
    'What stood here and was replaced or deleted without being sent. Kept on this device for {days, plural, one {# day} other {# days}}.',
  'draft.earlierLoading': 'Looking…',
  'draft.earlierNone': 'Nothing yet.',
  'draft.restore': 'Restore',
  'draft.restoreThis': 'Restore the text of {time}',
  'draft.left': 'You are not in this conversation any more.',
  'draft.leftKept': 'You are not in this conversation any more. What you had begun to write is kept here.',
  'draft.leftLabel': 'The text that you had begun',
  'draft.copy': 'Copy',
  'draft.copied': 'Copied',
} as const;
