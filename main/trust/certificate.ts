/** The certificate by which the servers of this app are known on a network: signed by itself, and made once, because invitations name its key. */
/** PEM. */
export interface ServerCertificate {
  key: string;
  certificate: string;
}

/** Whoever joined checks the key, not the dates: they only must not end before the computer does. */
const YEARS = 30;

/** ECDSA on P-256, in about 0.3 s. */
export async function makeCertificate(now: number): Promise<ServerCertificate> {
  const { generate } = await import('selfsigned');
  const begins = new Date(now);
  // Somebody else's clock may be behind.
  begins.setFullYear(begins.getFullYear() - 1);
  const ends = new Date(now);
  ends.setFullYear(ends.getFullYear() + YEARS);
  const made = await generate([{ name: 'commonName', value: 'Matchbook' }], {
    ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256' },
    ...{ notBeforeDate: begins, notAfterDate: ends },
  });
  return { key: made.private, certificate: made.cert };
}
