/** A main process in memory: one account, its conversations, an outbox whose commits a test lets succeed or fail. */

import type { EmbeddedView } from '@matchbook/protocol/bridge/embedded';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import {
  type ConversationPreferences,
  DEFAULT_PREFERENCES,
  type PreferenceFacts,
  type Preferences,
} from '@matchbook/protocol/bridge/preferences';
import type { AppState, ConversationRow, Draft, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge, WindowEvents } from '@matchbook/protocol/bridge/window';
import type { SessionState } from '@matchbook/protocol/session-state';

export const ACCOUNT = 'acc';
export const ME = 'me';

type Answers = Record<string, (request: never) => unknown>;
const ok = (value: unknown) => ({ ok: true, value });

const running = { state: 'running', since: 0, attempt: 0, at: null, pid: 1, detail: null } as const;
/** Servers of this app, for this computer alone. */
const SERVERS: EmbeddedView = {
  relay: running,
  api: running,
  lan: {
    ...{ on: false, port: null, address: '192.168.1.5', chosen: null, addresses: ['192.168.1.5'] },
    ...{ words: null, keyTrouble: null, front: null },
  },
};

export class FakeBridge implements WindowBridge {
  /** Every call, in order. */
  readonly calls: [string, Record<string, unknown>][] = [];
  readonly rows = new Map<string, TimelineRow[]>();
  readonly drafts = new Map<string, Draft>();
  /** Answers that a test puts in the place of the usual ones. */
  readonly answers: Answers = {};
  app: AppState;
  conversations: ConversationRow[];
  session: SessionState = { kind: 'live', since: 0, lastData: 0, complete: 1, behind: null };
  preferences: Preferences = structuredClone(DEFAULT_PREFERENCES);
  facts: PreferenceFacts = { platform: 'linux', tray: true, languages: ['en'], atLogin: false };
  conversation: ConversationPreferences = { level: null, sound: null };
  readonly #listeners = new Map<string, Set<(event: never) => void>>();

  constructor({ signedIn = true, convs = ['bob', 'cy'] }: { signedIn?: boolean; convs?: string[] } = {}) {
    this.app = {
      version: '0.1.0',
      electron: '45',
      accounts: signedIn
        ? [
            {
              account: ACCOUNT,
              user: ME,
              device: 'd',
              name: 'Ada',
              api: 'http://127.0.0.1:1',
              serverName: 'Here',
              embedded: true,
              standing: 'active',
              keyed: true,
              open: null,
            },
          ]
        : [],
      notices: [],
      embedded: signedIn ? SERVERS : null,
      recovery: [],
      current: null,
    };
    this.conversations = convs.map((conv, i) => ({
      account: ACCOUNT,
      conv,
      form: 'direct',
      self: conv === 'self',
      members:
        conv === 'self'
          ? [{ user: ME, name: 'Ada' }]
          : [
              { user: ME, name: 'Ada' },
              { user: conv, name: `Name of ${conv}` },
            ],
      headN: 0,
      unread: 0,
      mentions: 0,
      time: 1_000 - i,
      preview: null,
      draft: null,
      ...{ name: null, picture: null, member: true, role: 'member' as const },
      ...{ mutedUntil: 0, pinned: 0, archived: false },
    }));
  }

  async call(name: string, request: object): Promise<never> {
    this.calls.push([name, request as Record<string, unknown>]);
    const answer = this.answers[name] ?? USUAL[name];
    if (!answer) throw new Error(`Nothing answers ${name}.`);
    return (await answer.call(this, request as never)) as never;
  }

  on<K extends keyof WindowEvents & string>(name: K, listener: (event: WindowEvents[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    return () => set.delete(listener);
  }

  emit<K extends keyof WindowEvents & string>(name: K, event: WindowEvents[K]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never);
  }

  /** Requests of the calls of this name. */
  asked(name: string): Record<string, unknown>[] {
    return this.calls.filter(([called]) => called === name).map(([, request]) => request);
  }

  draftOf(conv: string): Draft {
    return this.drafts.get(conv) ?? { text: '', version: 0, updatedAt: 0 };
  }
}

export const refused = (kind: LocalFailure['kind'], message: string = kind): Outcome<never> => ({
  ok: false,
  failure: { kind, message },
});

const USUAL: Record<string, (this: FakeBridge, request: Record<string, string>) => unknown> = {
  'app.state'() {
    return ok(this.app);
  },
  'app.usable': () => ok(null),
  'app.measured': () => ok(null),
  'app.undrawn': () => ok(null),
  'conversation.list'() {
    return ok(this.conversations);
  },
  'conversation.focus': () => ok(null),
  'session.state'() {
    return ok(this.session);
  },
  'timeline.page'({ conv }) {
    const rows = this.rows.get(conv!) ?? [];
    return ok({
      rows,
      waiting: [],
      holes: [],
      older: false,
      newer: false,
      headN: rows.length,
      readN: rows.length,
      unreadN: 0,
      unbroken: true,
    });
  },
  'draft.read'({ conv }) {
    return ok(this.draftOf(conv!));
  },
  'draft.save'({ conv, text }) {
    const version = this.draftOf(conv!).version + 1;
    this.drafts.set(conv!, { text: text!, version, updatedAt: 0 });
    return ok({ version });
  },
  'draft.share': () => ok(null),
  'draft.earlier': () => ok([]),
  'draft.choose'({ conv }) {
    const { other: _, ...draft } = this.draftOf(conv!);
    this.drafts.set(conv!, draft);
    return ok(draft);
  },
  'begun.list': () => ok([]),
  'begun.keep': () => ok(null),
  'begun.take': () => ok({ mine: true }),
  'draft.restore'({ conv }) {
    return ok(this.draftOf(conv!));
  },
  'outbox.submit'({ conv, id, text }) {
    const rows = this.rows.get(conv!) ?? [];
    this.drafts.set(conv!, { text: '', version: this.draftOf(conv!).version + 1, updatedAt: 0 });
    const row = ownRow(id!, text!, rows.length + 1);
    this.rows.set(conv!, [...rows, row]);
    return ok(row);
  },
  'files.tray': () => ok([]),
  'files.transfers': () => ok([]),
  'files.kept': () => ok({ bytes: 0, limit: 1 }),
  'files.look': () => ok({ here: true, failure: null }),
  'outbox.hold': () => ok(null),
  'outbox.count': () => ok({ waiting: 0, failed: 0, held: 0, since: null }),
  'outbox.list': () => ok({ items: [], total: 0 }),
  'account.invitation': () => ok({ link: 'matchbook://join/abc', expires: 1 }),
  'account.recoveryNoted': () => ok(null),
  'message.pinned': () => ok({ rows: [], absent: [] }),
  'message.saved': () => ok({ messages: [], absent: [] }),
  'message.thread': () => ok({ root: 1, rows: [], more: false, absent: false, holes: [] }),
  'message.fetchThread': () => refused('server_unreachable'),
  'conversation.fetchShared': () => refused('server_unreachable'),
  'message.dated': () => ok({ n: null }),
  'scheduled.list': () => ok([]),
  'scheduled.put': () => ok(null),
  'scheduled.cancel': () => ok(null),
  'read.mark': () => ok(null),
  'read.unmark': () => ok(null),
  'clipboard.write': () => ok(null),
  'link.open': () => ok(null),
  'app.dismissNotice': () => ok(null),
  'view.shown': () => ok(null),
  'switcher.uses': () => ok({}),
  'switcher.used': () => ok(null),
  'people.own': () => refused('server_unreachable'),
  'people.list': () => ok([]),
  'people.profile': () => refused('not_found'),
  'presence.state': () => ok({ users: [], typing: [] }),
  'typing.tell': () => ok(null),
  'settings.get'() {
    return ok({ ...this.preferences, facts: this.facts });
  },
  'settings.set'(change) {
    for (const [name, some] of Object.entries(change)) Object.assign(this.preferences[name as 'tray'], some);
    return ok(this.preferences);
  },
  'settings.conversation'() {
    return ok(this.conversation);
  },
  'settings.setConversation'({ chosen }) {
    this.conversation = { ...this.conversation, ...(chosen as unknown as object) };
    return ok(this.conversation);
  },
  'conversation.mute': () => ok(null),
  'about.app': () =>
    ok({ app: '0.1.0', electron: '45', chrome: '140', node: '22', system: 'linux', protocol: 1 }),
  'about.licences': () =>
    ok([{ name: 'react', version: '19', licence: 'MIT', text: 'Permission is granted' }]),
  'about.showLogs': () => ok(null),
  'storage.use': () => ok([{ account: ACCOUNT, name: 'Ada', bytes: 3_000_000, messages: 1_200 }]),
  'storage.clear': () => ok(null),
  'window.zoom': () => ok({ percent: 110 }),
  'session.attemptLimit': () => ok({ attemptLimit: 12 }),
  'session.setAttemptLimit': () => ok(null),
};

export const ownRow = (id: string, text: string, n: number | null): TimelineRow => ({
  key: `${ME}/${id}`,
  id,
  n,
  sender: ME,
  own: true,
  kind: 'message',
  body: { type: 'text/plain', text },
  time: 1_700_000_000_000,
  delivery: n === null ? 'queued' : 'sent',
  save: null,
  failure: null,
  frozen: false,
});
