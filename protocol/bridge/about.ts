/** Calls about the app itself on this computer: what it is made of, what it takes up, where its logs lie, how large it is drawn. */
import Type from 'typebox';
import { Account, call, strict } from './calls.ts';

export interface AboutView {
  app: string;
  electron: string;
  chrome: string;
  node: string;
  system: string;
  protocol: number;
}

/** A package that is part of the app. */
export interface LicenceView {
  name: string;
  version: string;
  /** As its author names it: an SPDX expression. */
  licence: string;
  text: string;
}

export interface StorageUse {
  account: string;
  name: string;
  /** Of the history, bytes; and the messages in it. */
  bytes: number;
  messages: number;
}

export const ABOUT_CALLS = {
  'about.app': call<AboutView>()(Type.Object({}, strict)),
  'about.licences': call<LicenceView[]>()(Type.Object({}, strict)),
  /** Opens the folder of the logs in the system's file manager. */
  'about.showLogs': call<null>()(Type.Object({}, strict)),
  /** What every account's history takes up here. */
  'storage.use': call<StorageUse[]>()(Type.Object({}, strict)),
  /** Gives up of one account what can be fetched again; done beside everything else. */
  'storage.clear': call<null>()(Account),
  /** Of this window; all of one kind have the same. */
  'window.zoom': call<{ percent: number }>()(
    Type.Object({ by: Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('reset')]) }, strict),
  ),
} as const;
