/** What stands open in a window beside the conversation: one thing at a time each. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Address, sameAddress } from './state.ts';

export interface PanelState {
  /** About the conversation that is shown. */
  info: Address | null;
  /** A person's card. */
  card: { account: string; user: string } | null;
  dialog: Dialog | null;
}

export type Dialog =
  | { kind: 'new-group'; account: string }
  | { kind: 'new-conversation'; account: string }
  | { kind: 'invite'; account: string }
  | { kind: 'status'; account: string }
  | { kind: 'all-read'; account: string }
  | { kind: 'export'; account: string }
  | { kind: 'sign-out'; account: string }
  | { kind: 'leave'; address: Address }
  /** Of the message at n; without it, of one of `user` that is to be chosen. */
  | { kind: 'report'; address: Address; n: number | null; user: string | null };

export class Panels {
  readonly state: StoreApi<PanelState> = createStore<PanelState>(() => ({
    info: null,
    card: null,
    dialog: null,
  }));

  /** Opens it, or closes it where it is open. */
  toggleInfo(address: Address): void {
    const { info } = this.state.getState();
    this.state.setState({ info: sameAddress(info, address) ? null : address });
  }

  showInfo(address: Address): void {
    this.state.setState({ info: address });
  }

  closeInfo(): void {
    this.state.setState({ info: null });
  }

  /** The info of another conversation is not that of this one: it follows what is shown. */
  shown(address: Address | null): void {
    const { info } = this.state.getState();
    if (info && !sameAddress(info, address)) this.state.setState({ info: address });
  }

  card(card: PanelState['card']): void {
    this.state.setState({ card });
  }

  open(dialog: Dialog | null): void {
    this.state.setState({ dialog });
  }
}
