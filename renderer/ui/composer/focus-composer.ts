/** A window has one composer. */
export const COMPOSER_ID = 'composer';

/** For what stood above the conversation and was dealt with: the focus goes where one writes, and not nowhere. */
export function focusComposer(): void {
  document.getElementById(COMPOSER_ID)?.focus();
}
