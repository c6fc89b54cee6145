/** Files between windows and main: what is chosen for a message, how it travels, what is kept here. */
import Type from 'typebox';
import { Id, Sha256 } from '../entries.ts';
import type { FileReference, PagePreview } from '../message-body.ts';
import { Account, Conversation, call, opaque, strict } from './calls.ts';
import type { LocalFailure, Outcome } from './outcome.ts';

/** Bytes that a window hands over at once: what was pasted or recorded, and what was dropped from another app without a file. */
export const HANDED_BYTES = 256 * 1024 * 1024;
/** Bytes of a picture of a person or a group, after it was cut to a square. */
export const PICTURE_BYTES = 4 * 1024 * 1024;

/** The one call that only the preload makes. */
export const DROP = 'files.drop';

const FileName = Type.String({ minLength: 1, maxLength: 1_024 });

/** What a window finds out of a file by showing it. */
export const FileFacts = Type.Object(
  {
    width: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    height: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    blurhash: Type.Optional(Type.String({ minLength: 6, maxLength: 128 })),
    /** ms */
    duration: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000 })),
    waveform: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 128 })),
  },
  strict,
);
export type FileFacts = Type.Static<typeof FileFacts>;

/** A file in the tray of a conversation's composer: copied to this account's folder, not sent. */
export interface TrayFile extends FileReference {
  id: string;
}

/** What came of choosing some files: those that could not be taken are named with the reason. */
export interface Attached {
  tray: TrayFile[];
  refused: { name: string; failure: LocalFailure }[];
}

/** The files of an item of the outbox on their way. */
export interface Transfer {
  /** Of the item. */
  id: string;
  /** Bytes at the server, and of all its files. */
  sent: number;
  size: number;
  state: 'waiting' | 'sending' | 'paused';
  /** Why it waits. */
  failure: LocalFailure | null;
  /** When it is tried again, wall clock ms. */
  nextAt: number | null;
}

/** A file on its way to where the person keeps it. */
export interface Saving {
  id: string;
  name: string;
  received: number;
  size: number;
  state: 'saving' | 'saved' | 'failed';
  failure: LocalFailure | null;
}

const ShownFile = Type.Object({ account: Id, hash: Sha256 }, strict);
const NamedFile = Type.Object(
  {
    account: Id,
    hash: Sha256,
    name: FileName,
    size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  strict,
);

export const FILE_CALLS = {
  'files.tray': call<TrayFile[]>()(Conversation),
  /** Asks the person which, and copies them. */
  'files.choose': call<Attached>()(Conversation),
  /** Bytes that have no file: pasted, recorded, or dropped from another app. */
  'files.hand': call<Attached>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        name: FileName,
        bytes: opaque<Uint8Array>(),
        facts: Type.Optional(FileFacts),
        /** It was kept while it was recorded, under this id: not any more. */
        recording: Type.Optional(Id),
      },
      strict,
    ),
  ),
  /** A further piece of what is being recorded, with its loudness: kept until `files.hand` has it, or it is thrown away. Left alone it lies in the tray. */
  'files.record': call<null>()(
    Type.Object(
      {
        ...{ account: Id, conv: Id, id: Id },
        bytes: opaque<Uint8Array>(),
        levels: Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 1_000 }),
      },
      strict,
    ),
  ),
  'files.discardRecording': call<null>()(Type.Object({ account: Id, id: Id }, strict)),
  'files.describe': call<null>()(Type.Object({ account: Id, conv: Id, id: Id, facts: FileFacts }, strict)),
  'files.detach': call<TrayFile[]>()(Type.Object({ account: Id, conv: Id, id: Id }, strict)),
  'files.transfers': call<Transfer[]>()(Account),
  /** Asks where, and writes it there; null where the person wants none. `files.saving` tells how it goes. */
  'files.save': call<Saving | null>()(NamedFile),
  'files.cancelSave': call<null>()(Type.Object({ id: Id }, strict)),
  /** Shows a file that was saved in the system's own file manager. */
  'files.reveal': call<null>()(Type.Object({ id: Id }, strict)),
  'files.copyImage': call<null>()(ShownFile),
  /** The pointer drags it out of the window, from now on. Only what is on this device. */
  'files.drag': call<null>()(NamedFile),
  /** Brings it onto this device; answers when all of it is here. */
  'files.fetch': call<null>()(ShownFile),
  /** Whether it is on this device, and why it could not be had when that was tried last. */
  'files.look': call<{ here: boolean; failure: LocalFailure | null }>()(ShownFile),
  'files.kept': call<{ bytes: number; limit: number }>()(Type.Object({}, strict)),
  /** Gives up what the servers have too. */
  'files.forget': call<{ bytes: number; limit: number }>()(Type.Object({}, strict)),
  /** What the account's server finds out about a web page; null where it says nothing about itself. */
  'files.preview': call<PagePreview | null>()(
    Type.Object({ account: Id, url: Type.String({ pattern: '^https?://', maxLength: 2_048 }) }, strict),
  ),
  /** The microphone may be used by this window, or not any more. */
  'files.microphone': call<null>()(Type.Object({ on: Type.Boolean() }, strict)),
  /** Null takes one's own picture away. Answers with its hash. */
  'files.setAvatar': call<{ hash: string | null }>()(
    Type.Object({ account: Id, bytes: Type.Union([opaque<Uint8Array>(), Type.Null()]) }, strict),
  ),
  /** The picture of a group; it waits in the outbox until it is uploaded. */
  'files.setPicture': call<null>()(
    Type.Object(
      { account: Id, conv: Id, id: Id, bytes: Type.Union([opaque<Uint8Array>(), Type.Null()]) },
      strict,
    ),
  ),
  /**
   * Paths are what a page may not name: the preload finds them out from what was dropped (`WindowBridge.drop`), and passes no such call on, so that a page can only hand over
   * what a person gave it.
   */
  [DROP]: call<Attached>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        paths: Type.Array(Type.String({ minLength: 1, maxLength: 4_096 }), { maxItems: 256 }),
      },
      strict,
    ),
  ),
} as const;

/** Beside the calls of the map. */
export interface DropBridge {
  /** @param files of the page (`File`); those without a place on the disk are not taken and answered by their index */
  drop?(
    address: { account: string; conv: string },
    files: readonly unknown[],
  ): Promise<{ outcome: Outcome<Attached> | null; pathless: number[] }>;
}

export interface FileEvents {
  /** The tray of this conversation is another one. */
  'files.tray': { account: string; conv: string };
  /** So many were chosen in this window's own dialog, and are being copied now. */
  'files.chosen': { account: string; conv: string; count: number };
  'files.transfers': { account: string; transfers: Transfer[] };
  'files.saving': Saving;
}
export const FILE_EVENTS = ['files.tray', 'files.chosen', 'files.transfers', 'files.saving'] as const;
