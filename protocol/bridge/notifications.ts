/** Notifications as windows see them: what was decided about a message, and what the desktop answered to a test. */

/** Why there was a notification, or none. One a message. The order in which they are looked at stands in main/notifications/policy.ts. */
export type Reason =
  | 'own'
  | 'before-this-device'
  | 'read'
  | 'off'
  | 'muted'
  | 'level-none'
  | 'level-mentions'
  | 'silent'
  | 'on-screen'
  | 'do-not-disturb'
  | 'quiet-hours'
  | 'active-elsewhere'
  | 'shown'
  | 'summarised'
  | 'unsupported'
  | 'no-service'
  | 'failed';

/** How a shown notification went away again. */
export type Withdrawal = 'read' | 'deleted' | 'dismissed' | 'replaced' | 'opened' | 'app-closed';

/** What counted for a decision: times in ms, minutes of the day, a level; in the words of the `why.*` sentences. */
export type DecisionFacts = Record<string, string | number | boolean>;

export interface Decision {
  /** Wall clock, ms. */
  at: number;
  reason: Reason;
  facts: DecisionFacts;
  /** Places that it is about: one message, or what came while this device was away. */
  from: number;
  n: number;
  withdrawn: { at: number; why: Withdrawal } | null;
}

/** What the desktop did with a notification. */
export type ShowAnswer =
  /** `service`: who took it, where the desktop says so. */
  | { kind: 'shown'; service: string | null }
  /** This system shows no notifications, or not those of this app. */
  | { kind: 'unsupported'; message: string }
  /** Nobody on the desktop's bus takes notifications. */
  | { kind: 'no-service'; message: string }
  | { kind: 'failed'; message: string };
