/** One household or machine has a /64 of IPv6, and may write from any address in it (RFC 6177): it is one. */
export function networkOf(address = ''): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [before = '', after] = address.split('%')[0]!.split('::');
  const first = before === '' ? [] : before.split(':');
  const last = after ? after.split(':') : [];
  const zeros = after === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
