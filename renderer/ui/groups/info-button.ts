/** Id of the button that opens what is about a conversation: the focus comes back to it. */
export const INFO_BUTTON = 'info-button';
