/** Why a message for later was refused. Without the schemas of the calls, which no window loads. */
import { type FailureKind, isFailureKind } from '../failures.ts';

/** Why one was refused: kept as the kind and the words of a failure of the relay, or as a sentence of the server's own. */
export function refusalOf(refused: string): { kind: FailureKind | 'other'; message: string } {
  const [, kind = '', message = ''] = /^([a-z_]+): (.*)$/su.exec(refused) ?? [];
  return isFailureKind(kind) ? { kind, message } : { kind: 'other', message: refused };
}
