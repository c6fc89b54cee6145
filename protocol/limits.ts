/**
 * Every limit of the wire and of the parties that speak it, in one place. Sizes are bytes, times are milliseconds,
 * rates are events a second. Servers may lower or raise those marked "setting"; `welcome` tells a client the ones in force.
 */
export const LIMITS = {
  /** One WebSocket message, either way (setting). Larger: close 1009. */
  frameBytes: 256 * 1024,
  /** The first frame of a connection, before anybody is known. */
  helloBytes: 4 * 1024,
  /** A body, counted in UTF-8 (setting). */
  bodyBytes: 64 * 1024,
  /** Items in one append frame (setting). */
  batchItems: 64,
  /** Entries of one group commit, and items of one save batch. */
  groupEntries: 256,
  /** Credit: entries that a device may have received and not confirmed (setting). */
  creditEntries: 256,
  /** Credit in bytes of encoded items (setting). */
  creditBytes: 1024 * 1024,
  /** The most bulk (`entries` while behind, `heads`, `page`) that a socket may have unanswered by its peer's pong. */
  bulkInFlight: 64 * 1024,
  /** Bytes of encoded items in one `entries` or `heads` frame while a device catches up; one larger item travels alone. */
  bulkFrameBytes: 8 * 1024,
  /** Bytes of encoded items in one `entries` frame of what is live. */
  liveFrameBytes: 64 * 1024,
  /** Bytes of encoded items in one `page`. */
  pageBytes: 16 * 1024,
  /** Entries of one `page`. */
  pageEntries: 200,
  /** Messages for later of one person, and how far ahead, ms. */
  scheduled: 100,
  scheduleAhead: 366 * 24 * 60 * 60_000,
  /** Reason of a report, in characters, and places that are shown with it. */
  reportReason: 1_000,
  reportContext: 20,
  /** Messages of one page of history. */
  messagePage: 100,
  /** Hits of one page of a search. */
  searchHits: 50,
  /** Characters of a search, with its filters. */
  searchLength: 400,
  /** Ids asked about in one `status` frame. */
  statusIds: 256,
  /** The same in a long poll, whose request line is small. */
  pollStatusIds: 100,
  /** Own entries behind which a device gets `heads` instead of every entry (setting). */
  farBehindEntries: 5_000,
  /** Length of ids, user ids, device ids and conversation ids in characters. */
  idLength: 64,
  /** Display name in characters (code points). */
  nameLength: 80,
  /** Status text, in characters. */
  statusLength: 140,
  /** Content type of a body in characters. */
  contentTypeLength: 127,
  /** Sockets of one user (setting). */
  socketsPerUser: 10,
  /** Sockets of one address that have not said hello yet (setting). */
  unauthenticatedPerAddress: 50,
  /** Members of a conversation (setting). */
  members: 5_000,
  /** From the upgrade to a complete `hello` (setting). */
  helloTimeout: 5_000,
  /** Interval of `heartbeat` frames and of WebSocket pings (setting). */
  heartbeatInterval: 20_000,
  /** A peer from which nothing was heard for this long is closed, on both sides. */
  silenceTimeout: 45_000,
  /** Without a confirm while credit is used up: close `slow_consumer`. */
  confirmTimeout: 60_000,
  /** A probe of a doubted socket that stays unanswered for this long replaces it. */
  probeTimeout: 3_000,
  /** A typing notice is forgotten after this long. */
  typingExpiry: 5_000,
  /** Without input for this long, a connected user is away. */
  awayAfter: 5 * 60_000,
  /** Above this many members no delivered position is written, read positions stay with their owner, and there is no presence. */
  smallGroup: 64,
  /** Body of a reaction, a group's name, a group's picture or settings, in bytes. */
  reactionBytes: 64,
  groupNameBytes: 400,
  groupFactsBytes: 4 * 1024,
  /** The longest that `GET /entries` waits (seconds), and the least time between two empty answers (ms). */
  pollWait: 25,
  pollFloor: 2_000,
  /** Bytes of entries after which an answer to `GET /entries` is full, and the least that may be asked for in its place. */
  pollBytes: 256 * 1024,
  pollBytesLeast: 4 * 1024,
  /** Errors answered on one connection before it is closed. */
  errorsPerConnection: 100,
  /** Outbox items of one profile; at the limit the composer says so and keeps the text. */
  outboxItems: 10_000,
  /** Texts kept that were replaced or taken back unsent: of one conversation, of an account, and for how many days. */
  earlierTexts: 50,
  earlierTextsInAll: 5_000,
  earlierTextDays: 30,
  /** Other words for what is there already, kept while they are typed, of an account. */
  begunWords: 200,
  /** Life of an access token. */
  accessTokenLife: 15 * 60_000,
  /** The longest that the setting of it may be: a relay takes no token that says more. */
  accessTokenLongest: 24 * 60 * 60_000,
  /** Leeway for the clocks of two machines when a token's times are judged. */
  clockLeeway: 60_000,
  /** How long a session may outlive its token while the API cannot be reached. */
  tokenGrace: 12 * 60 * 60_000,
  /** How long the relay remembers a session that was ended: an hour more than the longest that a token of it could count. */
  revokedFor: 37 * 60 * 60_000,
  /** Life of an invitation unless its maker says otherwise, and the longest. */
  invitationLife: 24 * 60 * 60_000,
  invitationLongest: 30 * 24 * 60 * 60_000,
  /** People who come by one invitation, at most. */
  invitationUses: 1_000,
} as const;

/** Token buckets: a second and at once (settings). Entries at the relay; requests of one user at the API. */
export const RATES = {
  user: { perSecond: 20, burst: 500 },
  device: { perSecond: 10, burst: 300 },
  conversation: { perSecond: 50, burst: 500 },
  requests: { perSecond: 100, burst: 2_000 },
} as const;

/** Full-jitter exponential backoff of reconnects: before attempt k a client waits random(0, min(cap, base * 2^k)). */
export const RECONNECT = {
  base: 500,
  cap: 30_000,
  /** Attempts after which the state is told as *offline*; probing goes on (setting). */
  attemptLimit: 12,
  /** The bounds of that setting. */
  attemptLimitMin: 1,
  attemptLimitMax: 1_000,
  /** In its place: however many fail, it is told as connecting, and the pace stays that of the first attempts. */
  attemptsUnlimited: 0,
  /** Pause before the socket is tried again while HTTP carries the session, +- 50 %, doubling to `offlineProbe`. */
  firstTrial: 4_000,
  /** Pause between probes while *offline*, +- 50 %. */
  offlineProbe: 60_000,
  /** A connection that lasted this long resets the attempt counter. */
  stableAfter: 30_000,
  /** A session host that reports no progress for this long is reloaded. */
  wedgedAfter: 10_000,
} as const;
