import { FTS5_TOKENIZE } from '@matchbook/protocol/search-document';
import { sumOf } from './row-sums.ts';

/** Versions of the two files. An entry here is for ever: a change is a further entry. Every table has the account in its key. */

/** What changes a conversation and its members, as SQL: an index stands on exactly this. */
export const SYSTEM_KINDS =
  "'create', 'rename', 'picture', 'settings', 'member_add', 'member_remove', 'member_leave', 'member_role'";

/** What stands in the line of another entry, as SQL. */
export const ABOUT_ANOTHER = "'edit', 'delete', 'reaction', 'pin'";

/** Messages that are not in the full-text index and should be, as SQL: an index stands on exactly this. */
export const UNINDEXED = "kind = 'message' AND body IS NOT NULL AND doc IS NULL";

/** Messages that may answer one, and the place of that one, as SQL: an index stands on exactly this. Whatever others write there must not stop it. */
export const ANSWERS = `kind = 'message' AND body ->> '$.type' = 'application/vnd.matchbook.message+json'`;
export const REPLY = `(CASE WHEN json_valid(body ->> '$.text') THEN json_extract(body ->> '$.text', '$.reply') END)`;

/** Erased messages that answered one, and its place, as SQL: what answers them stays in the thread. An index stands on exactly this. */
export const ERASED_ANSWERS = `kind = 'message' AND body IS NULL AND raw IS NOT NULL`;
export const ERASED_REPLY = `(raw ->> '$.reply')`;

/** Words without their texts. `secure-delete`: what is deleted leaves the index at once, not at the next merge. */
export const SEARCH_WORDS = `
  CREATE VIRTUAL TABLE search_words USING fts5 (terms, words, content = '', tokenize = "${FTS5_TOKENIZE}");
  INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);`;

export const OUTBOX_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE item (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL, id TEXT NOT NULL, conv TEXT NOT NULL, kind TEXT NOT NULL,
    -- JSON of the append without its id.
    content TEXT NOT NULL,
    created INTEGER NOT NULL,
    frozen INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    -- JSON of a Failure: why it failed, or why it still waits.
    failure TEXT,
    UNIQUE (account, id)
  ) STRICT;
  CREATE INDEX item_conv ON item (account, conv, place);
  CREATE TABLE draft (
    account TEXT NOT NULL, conv TEXT NOT NULL,
    -- JSON of a string: a draft may hold what a message may not.
    text TEXT NOT NULL,
    version INTEGER NOT NULL, updated INTEGER NOT NULL,
    PRIMARY KEY (account, conv)
  ) STRICT, WITHOUT ROWID;
  -- Read positions that the log refused for good: they vanish from the outbox, their reason stays here for a while.
  CREATE TABLE refused (
    account TEXT NOT NULL, id TEXT NOT NULL, conv TEXT NOT NULL, content TEXT NOT NULL, failure TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (account, id)
  ) STRICT;
  `,
  `
  -- Id of the own message that the item is about and that has no place yet.
  ALTER TABLE item ADD COLUMN target TEXT;
  -- Bits: 1 held by the person, 2 its files are being uploaded, 4 what it is about is held.
  ALTER TABLE item ADD COLUMN hold INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE item ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE item ADD COLUMN tried INTEGER;
  ALTER TABLE item ADD COLUMN next INTEGER;
  CREATE INDEX item_target ON item (account, target) WHERE target IS NOT NULL;
  CREATE INDEX item_ready ON item (account, conv, place) WHERE failed = 0 AND hold = 0;
  `,
  `
  -- The register as this device last knew it, and its text, JSON.
  ALTER TABLE draft ADD COLUMN base_v INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE draft ADD COLUMN base TEXT NOT NULL DEFAULT '""';
  -- 1: to be sent again after the append that is on its way.
  ALTER TABLE draft ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;
  -- Version at which the text of another device was last taken over.
  ALTER TABLE draft ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;
  -- JSON: the most that stood here since the last text that was kept.
  ALTER TABLE draft ADD COLUMN peak TEXT NOT NULL DEFAULT '""';
  -- JSON: another device's text that the person has not decided about, and when it was written.
  ALTER TABLE draft ADD COLUMN other TEXT;
  ALTER TABLE draft ADD COLUMN other_time INTEGER;
  UPDATE draft SET peak = text;
  CREATE TABLE earlier_text (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, conv TEXT NOT NULL,
    -- JSON of a string.
    text TEXT NOT NULL, time INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX earlier_text_conv ON earlier_text (account, conv, id);
  `,
  `
  -- JSON of what a draft has besides its text, of the register as this device last knew it, and of another device's.
  ALTER TABLE draft ADD COLUMN more TEXT;
  ALTER TABLE draft ADD COLUMN base_more TEXT;
  ALTER TABLE draft ADD COLUMN other_more TEXT;
  -- What happened to messages composed here, also after they left; failure: JSON.
  CREATE TABLE passport (
    step INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, failure TEXT
  ) STRICT;
  CREATE INDEX passport_id ON passport (account, id, step);
  `,
  `
  -- Over the whole row, see row-sums.ts.
  ALTER TABLE item ADD COLUMN sum TEXT;
  ALTER TABLE draft ADD COLUMN sum TEXT;
  ALTER TABLE earlier_text ADD COLUMN sum TEXT;
  UPDATE item SET sum = ${sumOf(['place', 'account', 'id', 'conv', 'kind', 'content', 'created', 'frozen', 'failed', 'failure', 'target', 'hold', 'attempts', 'tried', 'next'])};
  UPDATE draft SET sum = ${sumOf(['account', 'conv', 'text', 'version', 'updated', 'base_v', 'base', 'wanted', 'taken', 'peak', 'other', 'other_time', 'more', 'base_more', 'other_more'])};
  UPDATE earlier_text SET sum = ${sumOf(['account', 'conv', 'text', 'time'])};
  `,
  `
  -- What waits of one kind is asked for with each message that is written, and read every row of a long outbox.
  CREATE INDEX item_kind ON item (account, kind, conv);
  `,
  `
  -- Other words for what is there already, while they are typed.
  CREATE TABLE begun (
    account TEXT NOT NULL,
    -- The key of a message's row; of others, what they are and their id.
    about TEXT NOT NULL,
    conv TEXT NOT NULL, n INTEGER,
    -- JSON of a string.
    text TEXT NOT NULL, updated INTEGER NOT NULL, sum TEXT,
    PRIMARY KEY (account, about)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Messages for later that were refused and have stood among what failed here, until their server has forgotten them.
  CREATE TABLE refused_later (account TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (account, id)) STRICT, WITHOUT ROWID;
  `,
];

export const HISTORY_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE state (
    account TEXT PRIMARY KEY, cursor TEXT,
    -- 1 while the file is closed in order.
    clean INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE conversation (
    account TEXT NOT NULL, conv TEXT NOT NULL, form TEXT NOT NULL,
    -- The highest n that a frame told of; rows above it come from acks alone.
    known_n INTEGER NOT NULL DEFAULT 0,
    head_n INTEGER NOT NULL DEFAULT 0, head_m INTEGER NOT NULL DEFAULT 0,
    time INTEGER NOT NULL,
    -- Own read position as marked on this device, before the log has it.
    marked_n INTEGER NOT NULL DEFAULT 0,
    -- Derived, so that the list reads no entries.
    read_n INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0,
    preview_n INTEGER, preview_sender TEXT, preview_text TEXT,
    PRIMARY KEY (account, conv)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversation_time ON conversation (account, time);
  CREATE TABLE member (
    account TEXT NOT NULL, conv TEXT NOT NULL, user TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
    PRIMARY KEY (account, conv, user, since)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    account TEXT NOT NULL, conv TEXT NOT NULL, n INTEGER NOT NULL,
    m INTEGER NOT NULL, h TEXT NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL,
    -- Null for entries that this user may not see.
    id TEXT, sender TEXT,
    own INTEGER NOT NULL,
    -- 1 until a frame has brought it: so far only the ack of this device did.
    acked INTEGER NOT NULL DEFAULT 0,
    body TEXT,
    -- Content hash, where the content is not here to compute it from.
    hash TEXT,
    -- The entry as received, where it is more than the columns hold.
    raw TEXT,
    save TEXT, reason TEXT,
    PRIMARY KEY (account, conv, n)
  ) STRICT;
  CREATE UNIQUE INDEX entry_id ON entry (account, sender, id) WHERE id IS NOT NULL;
  CREATE INDEX entry_own ON entry (account, conv, n) WHERE own = 1 AND kind = 'message';
  CREATE INDEX entry_unsaved ON entry (account, time) WHERE own = 1 AND (save IS NULL OR save = 'save_delayed');
  -- Rows that the server's log does not have any more, after a restored backup: shown nowhere, kept all the same.
  CREATE TABLE displaced (
    place INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, conv TEXT NOT NULL, n INTEGER NOT NULL, h TEXT NOT NULL, entry TEXT NOT NULL,
    UNIQUE (account, conv, n, h)
  ) STRICT;
  CREATE TABLE hole (
    account TEXT NOT NULL, conv TEXT NOT NULL, from_n INTEGER NOT NULL, to_n INTEGER NOT NULL,
    PRIMARY KEY (account, conv, from_n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE position (
    account TEXT NOT NULL, conv TEXT NOT NULL, user TEXT NOT NULL,
    delivered_n INTEGER NOT NULL DEFAULT 0, read_n INTEGER NOT NULL DEFAULT 0, read_m INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, conv, user)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE profile (
    account TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL,
    PRIMARY KEY (account, user)
  ) STRICT, WITHOUT ROWID;
  -- Registers of a newer version, as received.
  CREATE TABLE unknown (account TEXT NOT NULL, raw TEXT NOT NULL, PRIMARY KEY (account, raw)) STRICT, WITHOUT ROWID;
  -- What the log contradicted itself in: chain (h does not follow), conflict (two entries at one n), duplicate (one id at two n).
  CREATE TABLE fault (
    account TEXT NOT NULL, conv TEXT NOT NULL, n INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (account, conv, n, what)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Registers of one's own, the last value of each key: draft, mute, pinned, archived, deleted_for_me, saved, block.
  CREATE TABLE own_register (
    account TEXT NOT NULL, reg TEXT NOT NULL,
    -- Empty where a register belongs to no conversation (block).
    conv TEXT NOT NULL,
    -- The target's place (deleted_for_me, saved) or a user (block); else empty.
    about TEXT NOT NULL,
    v INTEGER NOT NULL, time INTEGER NOT NULL,
    value INTEGER,
    -- JSON of a Body: of a draft.
    body TEXT,
    PRIMARY KEY (account, reg, conv, about)
  ) STRICT, WITHOUT ROWID;
  -- They were kept as of a newer version until now, each value that came.
  INSERT INTO own_register (account, reg, conv, about, v, time, value, body)
    SELECT account, reg, conv, about, max(v), time, value, body FROM (
      SELECT account, raw ->> '$.reg' AS reg, coalesce(raw ->> '$.conv', '') AS conv,
        CAST(coalesce(raw ->> '$.target', raw ->> '$.of', '') AS TEXT) AS about,
        raw ->> '$.v' AS v, raw ->> '$.time' AS time, raw ->> '$.value' AS value, raw -> '$.body' AS body
      FROM unknown WHERE raw ->> '$.reg' IN ('draft', 'mute', 'pinned', 'archived', 'deleted_for_me', 'saved', 'block'))
    GROUP BY account, reg, conv, about;
  DELETE FROM unknown WHERE raw ->> '$.reg' IN ('draft', 'mute', 'pinned', 'archived', 'deleted_for_me', 'saved', 'block');
  `,
  `
  -- Place of the message that an entry is about.
  ALTER TABLE entry ADD COLUMN target INTEGER;
  ALTER TABLE member ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
  -- Members as a snapshot told them, JSON, and the place up to which it knew; what came later is folded onto them.
  ALTER TABLE conversation ADD COLUMN base TEXT;
  ALTER TABLE conversation ADD COLUMN base_n INTEGER NOT NULL DEFAULT 0;
  -- JSON of the last body of each: of a group.
  ALTER TABLE conversation ADD COLUMN name TEXT;
  ALTER TABLE conversation ADD COLUMN picture TEXT;
  ALTER TABLE conversation ADD COLUMN settings TEXT;
  UPDATE conversation SET base_n = known_n, base = (
    SELECT json_group_array(json_object('user', user, 'since', since, 'until', until)) FROM member
    WHERE member.account = conversation.account AND member.conv = conversation.conv);
  -- Kinds that were kept as of a newer version until now.
  UPDATE entry SET target = raw ->> '$.target', body = raw -> '$.body', hash = raw ->> '$.hash',
      raw = json_remove(raw, '$.body', '$.hash', '$.target')
    WHERE kind IN ('edit', 'delete', 'reaction', 'pin', 'rename', 'picture', 'settings', 'member_add', 'member_remove',
      'member_leave', 'member_role');
  CREATE INDEX entry_target ON entry (account, conv, target, n) WHERE target IS NOT NULL;
  CREATE INDEX entry_system ON entry (account, conv, n) WHERE kind IN (${SYSTEM_KINDS});
  -- What a delete erased.
  UPDATE entry SET body = NULL WHERE kind IN ('message', 'edit') AND EXISTS (SELECT 1 FROM entry AS gone WHERE gone.account = entry.account
    AND gone.conv = entry.conv AND gone.target = iif(entry.kind = 'edit', entry.target, entry.n) AND gone.kind = 'delete');
  `,
  `
  -- The message's number in the index, the later the higher (0: nothing in it can be found), and the place of the version whose words are there.
  ALTER TABLE entry ADD COLUMN doc INTEGER;
  ALTER TABLE entry ADD COLUMN doc_n INTEGER;
  CREATE INDEX entry_doc ON entry (doc) WHERE doc > 0;
  CREATE INDEX entry_unindexed ON entry (account, time) WHERE ${UNINDEXED};
  -- Short names of conversations and users in the index.
  CREATE TABLE search_key (
    key INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (account, id)
  ) STRICT;
  -- How texts were cut into words; with another way the index is made anew.
  CREATE TABLE search_state (one INTEGER PRIMARY KEY CHECK (one = 1), version TEXT NOT NULL) STRICT;
  ${SEARCH_WORDS}
  `,
  `
  -- When the file was last read through and found whole, ms; and that this is to be done because it was not closed in order.
  ALTER TABLE state ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE state ADD COLUMN suspect INTEGER NOT NULL DEFAULT 0;
  -- When a person last looked at it, ms.
  ALTER TABLE conversation ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
  -- 1: given up for room; filled again when somebody comes to it, not before.
  ALTER TABLE hole ADD COLUMN evicted INTEGER NOT NULL DEFAULT 0;
  -- Damaged files that were set aside, and how far they have been read (row of their entry table).
  CREATE TABLE salvage (account TEXT NOT NULL, file TEXT NOT NULL, row INTEGER NOT NULL DEFAULT 0, jump INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, file)) STRICT, WITHOUT ROWID;
  `,
  `
  -- Of doc > 0 SQLite does not see that doc = ? is among it: every look-up was a walk through all entries.
  DROP INDEX entry_doc;
  CREATE INDEX entry_doc ON entry (doc) WHERE doc IS NOT NULL;
  `,
  `
  -- Hash of a person's picture.
  ALTER TABLE profile ADD COLUMN avatar TEXT;
  `,
  `
  CREATE INDEX entry_reply ON entry (account, conv, ${REPLY}, n) WHERE ${ANSWERS};
  `,
  `
  -- What people say of themselves besides their names.
  ALTER TABLE profile ADD COLUMN status TEXT;
  ALTER TABLE profile ADD COLUMN status_until INTEGER;
  -- Derived: unread messages that mention one; and JSON of what the list says of the last message beside its text.
  ALTER TABLE conversation ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversation ADD COLUMN preview_facts TEXT;
  `,
  `
  -- What the server told of a group to who came later: JSON of GroupNow, and the place up to which it holds.
  ALTER TABLE conversation ADD COLUMN told TEXT;
  ALTER TABLE conversation ADD COLUMN told_n INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE INDEX entry_pin ON entry (account, conv, n) WHERE kind = 'pin';
  `,
  `
  -- Marked as unread from this place on, here or on another device; 0: not.
  ALTER TABLE conversation ADD COLUMN unread_n INTEGER NOT NULL DEFAULT 0;
  -- What another device marked while this one was older.
  INSERT OR REPLACE INTO own_register (account, reg, conv, about, v, time, value, body)
    SELECT account, 'unread', raw ->> '$.conv', '', raw ->> '$.v', raw ->> '$.time', raw ->> '$.value', NULL
      FROM unknown WHERE raw ->> '$.reg' = 'unread' ORDER BY raw ->> '$.v';
  DELETE FROM unknown WHERE raw ->> '$.reg' = 'unread';
  UPDATE conversation SET unread_n = coalesce((SELECT value FROM own_register AS o
    WHERE o.account = conversation.account AND o.reg = 'unread' AND o.conv = conversation.conv), 0);
  `,
  `
  CREATE INDEX entry_erased_reply ON entry (account, conv, ${ERASED_REPLY}, n) WHERE ${ERASED_ANSWERS};
  `,
  `
  -- 1: the person wants the room back, and not all of it is given yet.
  ALTER TABLE state ADD COLUMN clearing INTEGER NOT NULL DEFAULT 0;
  `,
];
