/**
 * What jsdom answers about styles, without going through its sheets for each question: asked for again and again by what looks for roles,
 * for focus and for the pointer, that was half of what these tests took. No sheet of ours is loaded in them, so what an element has inline and
 * what HTML hides is all there is to find; how things look is looked at in the real window (e2e/).
 */

/** HTML hides their content, or shows it only once they are open. */
const NEVER_SHOWN =
  'head, title, meta, link, style, script, template, datalist, noscript, dialog:not([open])';
const INLINE =
  'span, a, b, i, em, strong, small, code, kbd, mark, label, img, svg, time, bdi, sub, sup, abbr, br, s, u, q';
const INLINE_BLOCK = 'button, input, select, textarea, meter, progress';

const INITIAL: Record<string, string> = {
  pointerEvents: 'auto',
  position: 'static',
  overflow: 'visible',
  overflowX: 'visible',
  overflowY: 'visible',
  direction: 'ltr',
  transform: 'none',
  translate: 'none',
  scale: 'none',
  rotate: 'none',
  perspective: 'none',
  backdropFilter: 'none',
  filter: 'none',
  contain: 'none',
  willChange: 'auto',
  containerType: 'normal',
  opacity: '1',
};

/** One style for each element, made when it is first asked for; what it says is looked up anew each time. */
const styles = new WeakMap<Element, CSSStyleDeclaration>();

export function styleOf(element: Element): CSSStyleDeclaration {
  const known = styles.get(element);
  if (known) return known;
  const inline = (element as HTMLElement).style;
  const style = new Proxy(inline, {
    get(own, name) {
      if (name === 'getPropertyValue') return (property: string) => valueIn(element, own, camel(property));
      if (typeof name !== 'string') return Reflect.get(own, name, own);
      return valueIn(element, own, name);
    },
  });
  styles.set(element, style);
  return style;
}

function valueIn(element: Element, own: CSSStyleDeclaration, name: string): string {
  if (name.startsWith('--')) return inherited(element, (one) => one.getPropertyValue(name));
  if (name === 'visibility') return inherited(element, (one) => one.visibility) || 'visible';
  if (name === 'direction') return element.closest('[dir]')?.getAttribute('dir') === 'rtl' ? 'rtl' : 'ltr';
  const set = Reflect.get(own, name, own) as unknown;
  if (typeof set === 'function') return set.bind(own);
  if (set) return set as string;
  return name === 'display' ? displayOf(element) : (INITIAL[name] ?? (set as string));
}

function displayOf(element: Element): string {
  if (element.hasAttribute('hidden') || element.matches(NEVER_SHOWN)) return 'none';
  if (element.matches(INLINE)) return 'inline';
  return element.matches(INLINE_BLOCK) ? 'inline-block' : 'block';
}

function inherited(element: Element, read: (style: CSSStyleDeclaration) => string): string {
  for (let one: Element | null = element; one; one = one.parentElement) {
    const value = read((one as HTMLElement).style);
    if (value) return value;
  }
  return '';
}

const camel = (property: string) =>
  property.startsWith('--')
    ? property
    : property.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
