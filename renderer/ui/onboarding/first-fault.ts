import { nextFrame } from '../next-frame.ts';

/** Whoever sent a form that was refused stands where something is to be put right. */
export function focusFirstFault(form: HTMLFormElement): void {
  nextFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
