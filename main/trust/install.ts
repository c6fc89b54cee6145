import type { Session } from 'electron';
import type { CertificatePins } from './certificate-pins.ts';

/** Certificates of everything that the app reaches in a session are judged by the pins. */
export function judgeCertificates(session: Session, pins: CertificatePins): void {
  session.setCertificateVerifyProc(({ hostname, certificate, errorCode }, answer) =>
    answer(pins.verdict(hostname, certificate.data, errorCode === 0)),
  );
}
