/** The item in the tray: unread messages in its words and picture, and a way back into the app and out of it. */
import { Menu, nativeImage, Tray } from 'electron';
import { words } from '../words/words.ts';
import { withDot } from './dotted-icon.ts';

/** px of a plain screen; twice as many beside them for a fine one. */
const SIZE = 24;
const SCALES = [1, 2] as const;

export interface TrayIconParts {
  icon: string;
  open(): void;
  settings(): void;
  quit(): void;
}

export class TrayIcon {
  readonly #parts: TrayIconParts;
  /** Drawn when it is first shown: the app is already waited for when this is made. */
  #images: { plain: Electron.NativeImage; dotted: Electron.NativeImage } | null = null;
  #tray: Tray | null = null;
  #unread = 0;

  constructor(parts: TrayIconParts) {
    this.#parts = parts;
  }

  /** Puts it there, or takes it away. */
  set shown(shown: boolean) {
    if (shown === (this.#tray !== null)) return;
    this.#tray?.destroy();
    this.#tray = shown ? this.#make() : null;
  }

  /** Its menu is in the language that it was made in. */
  spoken(): void {
    if (this.#tray === null) return;
    this.shown = false;
    this.shown = true;
  }

  set unread(messages: number) {
    this.#unread = messages;
    this.#label();
  }

  #drawn() {
    if (this.#images) return this.#images;
    const drawn = nativeImage.createFromPath(this.#parts.icon);
    this.#images = {
      plain: ofBothSizes(drawn, (pixels) => pixels),
      dotted: ofBothSizes(drawn, withDot),
    };
    return this.#images;
  }

  #make(): Tray {
    const { open, settings, quit } = this.#parts;
    const tray = new Tray(this.#drawn().plain);
    this.#tray = tray;
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: words.tray.open, click: open },
        { label: words.tray.settings, click: settings },
        { type: 'separator' },
        { label: words.tray.quit, click: quit },
      ]),
    );
    tray.on('click', open);
    this.#label();
    return tray;
  }

  #label(): void {
    const some = this.#unread > 0;
    this.#tray?.setImage(some ? this.#drawn().dotted : this.#drawn().plain);
    this.#tray?.setToolTip(some ? words.trayUnread(this.#unread) : words.app);
  }
}

function ofBothSizes(
  drawn: Electron.NativeImage,
  marked: (pixels: Buffer, size: number) => Buffer,
): Electron.NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of SCALES) {
    const size = SIZE * scaleFactor;
    const pixels = drawn.resize({ width: size, height: size, quality: 'best' }).toBitmap();
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer: marked(pixels, size) });
  }
  return image;
}
