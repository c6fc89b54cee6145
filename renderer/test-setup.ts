import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';
import { styleOf } from './style-in-tests.ts';
import './ui/testing/effects-first.ts';

// Rooms that are loaded when they are opened come as soon as the machine has read them, which says nothing about them.
configure({ asyncUtilTimeout: 10_000 });

// The page is shared with the files before: each finds it as it is when a window opens.
beforeAll(() => {
  document.head.replaceChildren();
  document.body.replaceChildren();
  for (const element of [document.documentElement, document.body]) {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  }
});
afterEach(cleanup);

window.getComputedStyle = globalThis.getComputedStyle = styleOf;

// jsdom lays nothing out: whoever watches sizes hears of none.
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
// It has nowhere to scroll to either.
Element.prototype.scrollTo ??= () => {};
Element.prototype.scrollIntoView ??= () => {};
// jsdom has the element and not its methods.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
// It is never idle.
globalThis.requestIdleCallback ??= (work) =>
  Number(setTimeout(() => work({ didTimeout: false, timeRemaining: () => 0 })));
globalThis.cancelIdleCallback ??= (id) => clearTimeout(id);
// It asks no system what a person prefers.
globalThis.matchMedia ??= ((query: string) => ({
  media: query,
  matches: false,
  addEventListener() {},
  removeEventListener() {},
})) as unknown as typeof matchMedia;
