/** Whether two values that crossed the bridge say the same: what is asked for again is mostly what is there, and a row that stays the same object is not drawn again. */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(other, name) &&
      sameData((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  );
}
