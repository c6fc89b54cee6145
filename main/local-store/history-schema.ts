/** history.db: a cache of the log as far as this account may see it. It may be thrown away; the relay fills it again. */
export const HISTORY_MIGRATIONS = [
  `
  CREATE TABLE entry (
    account TEXT NOT NULL,
    conv TEXT NOT NULL,
    n INTEGER NOT NULL,
    m INTEGER NOT NULL,
    h TEXT NOT NULL,
    id TEXT,
    sender TEXT,
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    content TEXT,
    hash TEXT,
    save TEXT,
    PRIMARY KEY (account, conv, n)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX entry_id ON entry (account, sender, id) WHERE id IS NOT NULL;
  CREATE INDEX entry_unsaved ON entry (account, sender, time) WHERE save IS NOT 'saved' AND id IS NOT NULL;
  CREATE TABLE conversation (
    account TEXT NOT NULL,
    conv TEXT NOT NULL,
    form TEXT NOT NULL,
    headN INTEGER NOT NULL,
    headM INTEGER NOT NULL,
    lastN INTEGER,
    time INTEGER NOT NULL,
    ownN INTEGER NOT NULL DEFAULT 0,
    ownM INTEGER NOT NULL DEFAULT 0,
    broken INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, conv)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE member (
    account TEXT NOT NULL,
    conv TEXT NOT NULL,
    user TEXT NOT NULL,
    PRIMARY KEY (account, conv, user)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE position (
    account TEXT NOT NULL,
    conv TEXT NOT NULL,
    user TEXT NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    m INTEGER NOT NULL,
    PRIMARY KEY (account, conv, user, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE profile (
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (account, user)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hole (
    account TEXT NOT NULL,
    conv TEXT NOT NULL,
    fromN INTEGER NOT NULL,
    toN INTEGER NOT NULL,
    PRIMARY KEY (account, conv, fromN)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (
    account TEXT PRIMARY KEY,
    cursor TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE unknown (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    item TEXT NOT NULL
  ) STRICT;
  `,
];
