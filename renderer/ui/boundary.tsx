import { Component, type ReactNode } from 'react';
import { useWords } from '../i18n/words.tsx';

interface Props {
  /** What stands in the place of what could not be drawn. */
  instead: ReactNode;
  /** What is drawn: it is tried again once this is another. */
  about?: unknown;
  children: ReactNode;
}

/** What fails while it is drawn takes what is in here with it, and nothing else: without one the whole window would be empty. */
export class Boundary extends Component<Props, { failed: boolean; about: unknown }> {
  override state = { failed: false, about: this.props.about };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  static getDerivedStateFromProps({ about }: Props, before: { about: unknown }) {
    return about === before.about ? null : { failed: false, about };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}

/** In the place of much: drawn anew from what is on this device, where all that was written is. */
export function Undrawn() {
  const { say } = useWords();
  return (
    <div className="undrawn" role="alert" data-testid="undrawn">
      <p>{say('app.undrawn')}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {say('app.drawAgain')}
      </button>
    </div>
  );
}
