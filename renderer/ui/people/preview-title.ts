import type { InvitationView } from '@matchbook/protocol/bridge/views';
import type { Words } from '../../i18n/words.tsx';

/** Where an invitation leads, before anybody has come in by it. */
export function previewTitle({ inviter, server, group }: InvitationView, { say }: Words): string {
  if (!group) return say('join.preview', { inviter, server });
  const members = group.members;
  return group.name === null
    ? say('join.previewGroup', { inviter, server, members })
    : say('join.previewNamed', { inviter, server, members, group: group.name });
}

/** The group's picture, or that of who invites; without one its initials. */
export function previewFace({ inviter, inviterId, group, picture }: InvitationView) {
  const name = group ? (group.name ?? inviter) : inviter;
  return { id: group?.conv ?? inviterId, name, image: picture };
}
