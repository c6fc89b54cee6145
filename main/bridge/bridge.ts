/**
 * The bridge's main end: every call of the map has a handler; sender and payload are checked before it runs, and no exception crosses.
 */

import type { Request, Response } from '@matchbook/protocol/bridge/calls';
import { DIAGNOSTICS_CALLS } from '@matchbook/protocol/bridge/diagnostics';
import { HOST_CALLS } from '@matchbook/protocol/bridge/host';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { WINDOW_CALLS } from '@matchbook/protocol/bridge/window';
import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { type Ear, refused } from './bridge-ear.ts';
import { asFailure } from './local-failure.ts';

type Calls = Record<string, { request: TSchema; response?: unknown }>;

export type Handlers<C extends Calls> = {
  [K in keyof C & string]: (
    request: Request<C, K>,
    sender: number,
  ) => Promise<Response<C, K>> | Response<C, K>;
};
export type WindowHandlers = Handlers<typeof WINDOW_CALLS>;
export type HostHandlers = Handlers<typeof HOST_CALLS>;

export interface BridgeParts {
  ear: Ear;
  origin: string;
  isWindow(sender: number): boolean;
  isHost(sender: number): boolean;
  isDiagnostics(sender: number): boolean;
  windows: WindowHandlers;
  host: HostHandlers;
  diagnostics: Handlers<typeof DIAGNOSTICS_CALLS>;
  log(message: string): void;
}

export function openBridge(parts: BridgeParts): void {
  const { ear, origin, log } = parts;
  const register = <C extends Calls>(
    calls: C,
    handlers: Handlers<C>,
    isAllowed: (sender: number) => boolean,
  ) => {
    for (const name of Object.keys(calls) as (keyof C & string)[]) {
      const schema = calls[name]!.request;
      const handler = handlers[name] as (request: unknown, sender: number) => unknown;
      ear.handle(name, async (caller, payload): Promise<Outcome<unknown>> => {
        if (!caller.isMainFrame || caller.origin !== origin || !isAllowed(caller.sender)) {
          log(`${name} was refused to a page of ${caller.origin}`);
          return refused('This page may not call that.');
        }
        if (!Check(schema, payload)) return refused(`${name}: ${firstFault(schema, payload)}`);
        try {
          return { ok: true, value: await handler(payload, caller.sender) };
        } catch (error) {
          const failure = asFailure(error);
          if (failure.kind === 'store_failed')
            log(`${name}: ${error instanceof Error ? error.stack : error}`);
          return { ok: false, failure };
        }
      });
    }
  };
  register(WINDOW_CALLS, parts.windows, parts.isWindow);
  register(HOST_CALLS, parts.host, parts.isHost);
  register(DIAGNOSTICS_CALLS, parts.diagnostics, parts.isDiagnostics);
}

function firstFault(schema: TSchema, payload: unknown): string {
  const [fault] = Errors(schema, payload) as { instancePath: string; message: string }[];
  return `${fault?.instancePath.slice(1) || 'payload'} ${fault?.message ?? 'is invalid'}`;
}
