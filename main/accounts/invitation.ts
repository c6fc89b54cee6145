import { type InvitationLink, parseInvitation } from '@matchbook/protocol/invitation';
import { LocalError } from '../bridge/local-failure.ts';

/** @throws LocalError `bad_invitation` */
export function readInvitation(text: string): InvitationLink {
  const link = parseInvitation(text);
  if (!link)
    throw new LocalError(
      'bad_invitation',
      'This is not an invitation. It begins with matchbook://join/ and has no spaces.',
      { field: 'invitation' },
    );
  return link;
}
