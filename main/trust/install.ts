import type { Session } from 'electron';
import { CertificatePins } from './certificate-pins.ts';

/**
 * Certificates of everything that the app reaches in a session are judged by the pins. Chromium keeps what it was told of a certificate; with Electron 33,
 * setting the judge anew did not make it ask again about one that it had refused. What does is not known yet.
 */
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
