/** What is written: how it is shown, answered, found again and passed on. */
export const englishTalk = {
  'text.spoiler': 'Hidden text. Show it.',
  'text.code': 'Code',
  'text.codeIn': 'Code in {language}',
  'text.copyCode': 'Copy',
  'text.copied': 'Copied',

  'format.bar': 'Formatting',
  'format.bold': 'Bold',
  'format.italic': 'Italic',
  'format.strike': 'Strikethrough',
  'format.code': 'Code',
  'format.block': 'Code block',
  'format.quote': 'Quote',
  'format.list': 'List',
  'format.link': 'Link',
  'format.spoiler': 'Hidden text',

  'timeline.back': 'Back to where you were',
  'timeline.notHere': 'That message is not on this device.',
  'message.copyLink': 'Copy link to message',
} as const;
