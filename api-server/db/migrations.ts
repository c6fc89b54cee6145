/** One step: in SQLite's words for both (dialects.ts), or, where the two have nothing in common, for each. */
export type Migration = string | { readonly sqlite: string; readonly postgres: string };

/** Each answer gets the message that began its thread: that of what it answers. */
const ROOTS = `
    CREATE INDEX answer_reply ON answer (conv, reply);
    WITH RECURSIVE chain (conv, n, root) AS (
      SELECT conv, n, reply FROM answer AS first
      WHERE NOT EXISTS (SELECT 1 FROM answer AS above WHERE above.conv = first.conv AND above.n = first.reply)
      UNION ALL
      SELECT next.conv, next.n, chain.root FROM chain JOIN answer AS next ON next.conv = chain.conv AND next.reply = chain.n)
    UPDATE answer SET root = chain.root FROM chain WHERE chain.conv = answer.conv AND chain.n = answer.n;
    DROP INDEX answer_reply;
    CREATE INDEX answer_root ON answer (conv, root, n);`;

/** Forward migrations, in order; how many were made is kept in the database. Never edit one that was released: add the next. */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE account (
    user TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secret TEXT NOT NULL,
    recovery TEXT NOT NULL UNIQUE,
    admin INTEGER NOT NULL,
    registrationDevice TEXT NOT NULL UNIQUE,
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE session (
    sid TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES account (user),
    device TEXT NOT NULL,
    deviceName TEXT NOT NULL,
    nonce TEXT NOT NULL,
    generation INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    refreshedAt INTEGER NOT NULL,
    ended TEXT
  ) STRICT;
  CREATE INDEX session_device ON session (user, device);
  CREATE TABLE invitation (
    hash TEXT PRIMARY KEY,
    inviter TEXT NOT NULL REFERENCES account (user),
    createdAt INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    usedBy TEXT
  ) STRICT;
  CREATE TABLE outbound (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    item TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX outbound_waiting ON outbound (place) WHERE state = 'waiting';
  CREATE TABLE entry (
    conv TEXT NOT NULL,
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    m INTEGER NOT NULL,
    h TEXT NOT NULL,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    hash TEXT NOT NULL,
    bodyType TEXT,
    bodyText TEXT,
    bodyData BLOB,
    facts TEXT,
    PRIMARY KEY (conv, n)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX entry_id ON entry (sender, id);
  CREATE TABLE conversation (
    conv TEXT PRIMARY KEY,
    form TEXT NOT NULL,
    headN INTEGER NOT NULL,
    headM INTEGER NOT NULL,
    lastMessageAt INTEGER,
    updatedAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE member (
    conv TEXT NOT NULL,
    user TEXT NOT NULL,
    fromN INTEGER NOT NULL,
    untilN INTEGER,
    PRIMARY KEY (conv, user, fromN)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX member_user ON member (user, conv);
  CREATE TABLE position (
    conv TEXT NOT NULL,
    user TEXT NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    m INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (conv, user, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE profile (
    user TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    seq INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE progress (
    epoch TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL
  ) STRICT;
  `,
  // A recovery whose answer was lost is asked for again, with a code that is used up by then.
  `
  ALTER TABLE account ADD COLUMN recoveryUsed TEXT;
  CREATE INDEX account_recovery_used ON account (recoveryUsed) WHERE recoveryUsed IS NOT NULL;
  `,
  // Entries about other entries, roles, and registers that are their owner's alone.
  `
  ALTER TABLE entry ADD COLUMN target INTEGER;
  CREATE INDEX entry_target ON entry (conv, target) WHERE target IS NOT NULL;
  ALTER TABLE member ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
  CREATE TABLE ownRegister (
    user TEXT NOT NULL,
    kind TEXT NOT NULL,
    conv TEXT NOT NULL,
    about TEXT NOT NULL,
    value TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (user, kind, conv, about)
  ) STRICT, WITHOUT ROWID;
  `,
  // Ids are looked up by hundreds, whoever sent them.
  `
  DROP INDEX entry_id;
  CREATE UNIQUE INDEX entry_id ON entry (id, sender);
  `,
  // Files: what is stored, who brought it, where it is shown; and uploads under way.
  `
  CREATE TABLE file (
    hash TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    blurhash TEXT,
    thumbnail INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE fileOwner (
    hash TEXT NOT NULL REFERENCES file (hash),
    user TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (hash, user)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_owner_user ON fileOwner (user);
  CREATE TABLE fileUse (
    conv TEXT NOT NULL,
    n INTEGER NOT NULL,
    target INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (conv, n, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_use_hash ON fileUse (hash, conv);
  CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    size INTEGER NOT NULL,
    hash TEXT,
    createdAt INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX upload_user ON upload (user);
  CREATE INDEX upload_expires ON upload (expires);
  `,
  // Full-text search. What was saved before waits in `searchPending`. `amount`: the number that a register holds.
  {
    sqlite: `
    CREATE TABLE searchDoc (
      doc INTEGER PRIMARY KEY AUTOINCREMENT,
      conv TEXT NOT NULL,
      n INTEGER NOT NULL,
      target INTEGER NOT NULL,
      sender TEXT NOT NULL,
      time INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX search_doc_target ON searchDoc (conv, target, n);
    CREATE VIRTUAL TABLE searchWords USING fts5 (
      terms, words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So Sk'"
    );
    CREATE TABLE searchKey (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE searchPending (conv TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (conv, n)) STRICT, WITHOUT ROWID;
    INSERT INTO searchPending SELECT conv, n FROM entry WHERE kind IN ('message', 'edit') AND bodyText IS NOT NULL;
    ALTER TABLE ownRegister ADD COLUMN amount INTEGER;
    UPDATE ownRegister SET amount = json_extract(value, '$.value') WHERE json_type(value, '$.value') = 'integer';
    `,
    postgres: `
    CREATE TABLE "searchDoc" (
      doc BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
      conv TEXT NOT NULL,
      n BIGINT NOT NULL,
      target BIGINT NOT NULL,
      sender TEXT NOT NULL,
      time BIGINT NOT NULL,
      words TSVECTOR NOT NULL
    );
    CREATE UNIQUE INDEX search_doc_target ON "searchDoc" (conv, target, n);
    CREATE INDEX search_doc_words ON "searchDoc" USING gin (words);
    CREATE TABLE "searchKey" (key BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE);
    CREATE TABLE "searchPending" (conv TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (conv, n));
    INSERT INTO "searchPending" SELECT conv, n FROM entry WHERE kind IN ('message', 'edit') AND "bodyText" IS NOT NULL;
    ALTER TABLE "ownRegister" ADD COLUMN amount BIGINT;
    UPDATE "ownRegister" SET amount = (value::json ->> 'value')::bigint WHERE json_typeof(value::json -> 'value') = 'number';
    `,
  },
  // What lists and counts are made of, without a walk through a conversation.
  `
  ALTER TABLE member ADD COLUMN fromM INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE member ADD COLUMN untilM INTEGER;
  UPDATE member SET
    fromM = COALESCE((SELECT m FROM entry WHERE entry.conv = member.conv AND entry.n = member.fromN), 0),
    untilM = (SELECT m FROM entry WHERE entry.conv = member.conv AND entry.n = member.untilN - 1);
  CREATE INDEX entry_own ON entry (conv, sender, n) WHERE kind = 'message';
  CREATE INDEX entry_facts ON entry (conv, kind, n) WHERE kind IN ('rename', 'picture', 'settings');
  CREATE INDEX entry_pins ON entry (conv, n) WHERE kind = 'pin';
  `,
  // Signing in by password, profiles, last seen.
  `
  ALTER TABLE account ADD COLUMN login TEXT;
  ALTER TABLE account ADD COLUMN password TEXT;
  ALTER TABLE account ADD COLUMN avatar TEXT;
  ALTER TABLE account ADD COLUMN status TEXT;
  ALTER TABLE account ADD COLUMN statusUntil INTEGER;
  ALTER TABLE account ADD COLUMN lastSeen INTEGER;
  ALTER TABLE account ADD COLUMN showLastSeen INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE account ADD COLUMN disabledAt INTEGER;
  CREATE UNIQUE INDEX account_login ON account (login) WHERE login IS NOT NULL;
  CREATE INDEX session_live ON session (user) WHERE ended IS NULL;
  `,
  // Invitations for several people, into groups, that can be taken back.
  `
  ALTER TABLE invitation ADD COLUMN conv TEXT;
  ALTER TABLE invitation ADD COLUMN maxUses INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE invitation ADD COLUMN revokedAt INTEGER;
  CREATE INDEX invitation_inviter ON invitation (inviter);
  CREATE TABLE redemption (
    hash TEXT NOT NULL,
    user TEXT NOT NULL,
    redeemedAt INTEGER NOT NULL,
    PRIMARY KEY (hash, user)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX redemption_user ON redemption (user);
  INSERT INTO redemption SELECT hash, usedBy, createdAt FROM invitation WHERE usedBy IS NOT NULL;
  `,
  // What admins look after, and messages that wait for their time.
  `
  CREATE TABLE deadLetter (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT,
    item TEXT NOT NULL,
    reason TEXT NOT NULL,
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX dead_letter_seq ON deadLetter (epoch, seq);
  CREATE TABLE report (
    id TEXT PRIMARY KEY,
    reporter TEXT NOT NULL,
    conv TEXT NOT NULL,
    n INTEGER NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    closedAt INTEGER,
    closedBy TEXT,
    note TEXT
  ) STRICT;
  CREATE INDEX report_open ON report (createdAt) WHERE closedAt IS NULL;
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE audit (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE scheduled (
    user TEXT NOT NULL,
    id TEXT NOT NULL,
    conv TEXT NOT NULL,
    body TEXT NOT NULL,
    silent INTEGER NOT NULL,
    due INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (user, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scheduled_due ON scheduled (due) WHERE state = 'waiting';
  `,
  // What an upload says that its bytes will hash to.
  `
  ALTER TABLE upload ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
  CREATE INDEX account_avatar ON account (avatar) WHERE avatar IS NOT NULL;
  `,
  // Who signs in at another service.
  `
  CREATE TABLE externalIdentity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user TEXT NOT NULL REFERENCES account (user),
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
  ) STRICT, WITHOUT ROWID;
  `,
  // What the rounds over stored files found, and how far they are.
  `
  CREATE TABLE fileFault (
    hash TEXT NOT NULL,
    part TEXT NOT NULL,
    what TEXT NOT NULL,
    foundAt INTEGER NOT NULL,
    PRIMARY KEY (hash, part)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE scrub (
    startedAt INTEGER NOT NULL,
    checkedTo TEXT NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    finishedAt INTEGER
  ) STRICT;
  CREATE INDEX outbound_refused ON outbound (place) WHERE state = 'refused';
  `,
  // What the log has is not kept beside it: it would outlive its deletion there.
  `
  UPDATE outbound SET item = '{}' WHERE state = 'done';
  UPDATE scheduled SET body = '{}' WHERE state = 'sent';
  `,
  {
    sqlite: '',
    // What was added last is walked through by every search until it is merged: 4 MB of it took 40 ms, and this much takes one (kB).
    postgres: 'ALTER INDEX search_doc_words SET (gin_pending_list_limit = 128);',
  },
  // Since when a session is over: it is forgotten after a time.
  `
  ALTER TABLE session ADD COLUMN endedAt INTEGER;
  UPDATE session SET endedAt = refreshedAt WHERE ended IS NOT NULL;
  CREATE INDEX session_ended ON session (endedAt) WHERE ended IS NOT NULL;
  `,
  // What answers what, and in which thread: the message that began it. In what was saved before, a key of the body's JSON that no text can look like.
  {
    sqlite: `
    CREATE TABLE answer (
      conv TEXT NOT NULL,
      n INTEGER NOT NULL,
      reply INTEGER NOT NULL,
      root INTEGER NOT NULL,
      PRIMARY KEY (conv, n)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO answer SELECT conv, n, reply, reply FROM (
      SELECT conv, n, CASE WHEN json_valid(bodyText) THEN bodyText ->> '$.reply' END AS reply FROM entry
      WHERE kind = 'message' AND bodyType = 'application/vnd.matchbook.message+json') AS found
    WHERE typeof(reply) = 'integer' AND reply >= 1 AND reply < n;
    ${ROOTS}
    CREATE INDEX file_use_target ON fileUse (conv, target);
    `,
    postgres: `
    CREATE TABLE answer (
      conv TEXT NOT NULL,
      n BIGINT NOT NULL,
      reply BIGINT NOT NULL,
      root BIGINT NOT NULL,
      PRIMARY KEY (conv, n)
    );
    INSERT INTO answer SELECT conv, n, reply, reply FROM (
      SELECT conv, n, CAST(substring("bodyText" from '"reply"[ ]*:[ ]*([0-9]{1,15})') AS BIGINT) AS reply FROM entry
      WHERE kind = 'message' AND "bodyType" = 'application/vnd.matchbook.message+json') AS found
    WHERE reply >= 1 AND reply < n;
    ${ROOTS}
    CREATE INDEX file_use_target ON "fileUse" (conv, target);
    `,
  },
];
