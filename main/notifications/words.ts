/** What notifications, tray and badge say. Outside of the windows there is no catalogue: these few sentences stand here. */
const plural = new Intl.PluralRules('en');
const count = (n: number, one: string, other: string): string =>
  `${new Intl.NumberFormat('en').format(n)} ${plural.select(n) === 'one' ? one : other}`;

export const words = {
  app: 'Matchbook',
  someone: 'Someone new',
  messages: (n: number) => count(n, 'new message', 'new messages'),
  trayUnread: (n: number) => `Matchbook: ${count(n, 'unread message', 'unread messages')}`,
  summary: (messages: number, conversations: number) =>
    `${count(messages, 'new message', 'new messages')} in ${count(conversations, 'conversation', 'conversations')}`,
  /** Names of the conversations of a summary, as many as fit. */
  names: (names: readonly string[], more: number) =>
    more > 0 ? `${names.join(', ')} and ${count(more, 'other', 'others')}` : names.join(', '),
  titleWithCount: (title: string, n: number) => `${title} · ${words.messages(n)}`,
  said: (sender: string, text: string) => `${sender}: ${text}`,
  newMessage: 'New message',
  file: 'Sent a file',
  notText: 'Sent something that this version cannot show',
  open: 'Open',
  reply: 'Reply',
  markRead: 'Mark as read',
  test: { title: 'This is a test', body: 'Notifications from Matchbook look like this.' },
  tray: { open: 'Open Matchbook', quit: 'Quit Matchbook', settings: 'Settings…' },
} as const;
