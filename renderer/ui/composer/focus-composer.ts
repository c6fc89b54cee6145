/** A window has one composer. */
export const COMPOSER_ID = 'composer';

/** For what stood above the conversation and was dealt with: the focus goes where one writes, and not nowhere. False where nothing can be written. */
export function focusComposer(): boolean {
  const field = document.getElementById(COMPOSER_ID);
  field?.focus();
  return field !== null;
}
