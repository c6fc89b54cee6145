import type { Session } from 'electron';
import { CertificatePins } from './certificate-pins.ts';

/** Certificates of everything that the app reaches in a session are judged by the pins. Chromium keeps what it was told of a certificate; setting the judge anew makes it ask again. */
export function judgeCertificates(
  session: Session,
  accounts: ConstructorParameters<typeof CertificatePins>[0],
): CertificatePins {
  const judge = () =>
    session.setCertificateVerifyProc(({ hostname, certificate }, answer) =>
      answer(pins.verdict(hostname, certificate.data)),
    );
  const pins = new CertificatePins(accounts, judge);
  judge();
  return pins;
}
