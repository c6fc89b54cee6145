/** Who is in a conversation, and what it is called: folded from what stands in the log, in the order of the log, whatever order it came in. */
import type { Body, Form, Role } from '@matchbook/protocol/entries';

/** One stay. `until`: the first place that they did not see any more. */
export interface Stay {
  user: string;
  since: number;
  until: number | null;
  role: Role;
}

/** An entry that changes members or what all see of a conversation. */
export interface SystemEntry {
  n: number;
  kind: string;
  sender: string;
  body: Body | null;
  says: { form?: Form; members?: string[]; users?: string[]; user?: string; role?: Role };
}

const SAYS: ReadonlySet<string> = new Set(['rename', 'picture', 'settings']);

export interface Facts {
  form: Form;
  stays: Stay[];
  name: Body | null;
  picture: Body | null;
  settings: Body | null;
}

/** What the server told of a group: who came later does not see the entries that said it. */
export interface GroupNow {
  n: number;
  name: Body | null;
  picture: Body | null;
  settings: Body | null;
}

/**
 * @param told what a server told of the group, up to its place
 * @param base members as a snapshot told them, with everything up to its place; null without one
 * @param baseN the place up to which `base` knows
 * @param entries in order of n
 */
export function folded(
  form: Form,
  base: readonly Stay[] | null,
  baseN: number,
  entries: readonly SystemEntry[],
  told: GroupNow | null = null,
): Facts {
  const facts: Facts = {
    form,
    stays: (base ?? []).map((stay) => ({ ...stay })),
    ...{ name: told?.name ?? null, picture: told?.picture ?? null, settings: told?.settings ?? null },
  };
  const present = new Map<string, Stay>();
  for (const stay of facts.stays) if (stay.until === null) present.set(stay.user, stay);
  const admit = (user: string, since: number, role: Role) => {
    if (present.has(user)) return;
    const stay = { user, since, until: null, role };
    present.set(user, stay);
    facts.stays.push(stay);
  };
  for (const entry of entries) {
    const { n, kind, sender, body, says } = entry;
    if (SAYS.has(kind)) {
      facts.form = 'group';
      if (told && n <= told.n) continue;
    }
    if (kind === 'rename') facts.name = body;
    else if (kind === 'picture') facts.picture = body;
    else if (kind === 'settings') facts.settings = body;
    else if (kind === 'create') facts.form = says.form ?? facts.form;
    else facts.form = 'group';
    if (base !== null && n <= baseN) continue;
    // Who does something in it is in it: of a group that one came to later, that may be all that is known.
    if (kind !== 'create') admit(sender, n, 'member');
    switch (kind) {
      case 'create':
        for (const user of says.members ?? [])
          admit(user, n, facts.form === 'group' && user === sender ? 'owner' : 'member');
        break;
      case 'member_add':
        for (const user of says.users ?? []) admit(user, n, 'member');
        break;
      case 'member_remove':
      case 'member_leave': {
        const user = kind === 'member_leave' ? sender : (says.user ?? '');
        const stay = present.get(user);
        // The entry that says so is the last that they see.
        if (stay) stay.until = n + 1;
        present.delete(user);
        break;
      }
      case 'member_role': {
        const stay = present.get(says.user ?? '');
        if (stay && says.role) stay.role = says.role;
      }
    }
  }
  return facts;
}
