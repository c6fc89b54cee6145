import { Id } from '@matchbook/protocol/entries';
import { AdminUserChange, AUDIT_ABOUT, ReportClosing, SettingsChange } from '@matchbook/protocol/http/admin';
import { type Request, Router } from 'express';
import type { Sessions } from '../accounts/sessions.ts';
import type { Admin } from '../admin/admin.ts';
import type { Settings } from '../admin/settings.ts';
import type { Authentication } from '../authentication.ts';
import type { Store } from '../db/store.ts';
import { deadLetters, LETTER, type LetterKey } from '../messages/dead-letters.ts';
import { reports } from '../people/reports.ts';
import { parsed, problem } from '../problems.ts';
import { integerIn, oneOf, textIn } from './query.ts';

const LIMIT = { min: 1, max: 200, default: 50 };
const OFFSET = { min: 0, max: 1_000_000, default: 0 };
const BEFORE = { min: 1, max: Number.MAX_SAFE_INTEGER, default: Number.MAX_SAFE_INTEGER };
const SEARCH_LENGTH = 80;

/** For admins of this server only. */
export function adminRoutes(parts: {
  store: Store;
  admin: Admin;
  settings: Settings;
  sessions: Sessions;
  authentication: Authentication;
}): Router {
  const { store, admin, settings, sessions, authentication } = parts;
  const router = Router();
  const actorOf = async (request: Request) => (await authentication.adminPerson(request)).user;
  const pageOf = ({ query }: Request) => ({
    limit: integerIn(query, 'limit', LIMIT),
    offset: integerIn(query, 'offset', OFFSET),
  });
  const backwards = ({ query }: Request) => ({
    limit: integerIn(query, 'limit', LIMIT),
    before: integerIn(query, 'before', BEFORE),
  });
  const letterOf = ({ params }: Request): LetterKey => {
    const [, way, place] = LETTER.exec(String(params.letter)) ?? [];
    if (!way) throw problem('not_found', 'There is no such dead letter.', { field: 'letter' });
    return { way: way as LetterKey['way'], place: Number(place) };
  };

  router.get('/api/admin/users', async (request, response) => {
    await actorOf(request);
    const q = textIn(request.query, 'q', SEARCH_LENGTH);
    response.json({ users: await admin.users(q, pageOf(request)) });
  });
  router.patch('/api/admin/users/:user', async (request, response) => {
    const actor = await actorOf(request);
    await admin.changeUser(actor, parsed(Id, request.params.user), parsed(AdminUserChange, request.body));
    response.status(204).end();
  });
  router.get('/api/admin/users/:user/sessions', async (request, response) => {
    await actorOf(request);
    response.json({ devices: await sessions.devices(store, parsed(Id, request.params.user), '') });
  });
  router.delete('/api/admin/users/:user/sessions', async (request, response) => {
    const actor = await actorOf(request);
    response.json({ ended: await admin.endSessions(actor, parsed(Id, request.params.user)) });
  });
  router.delete('/api/admin/users/:user/sessions/:device', async (request, response) => {
    const actor = await actorOf(request);
    const { user, device } = request.params;
    await admin.endSessions(actor, parsed(Id, user), parsed(Id, device));
    response.status(204).end();
  });
  router.get('/api/admin/conversations', async (request, response) => {
    await actorOf(request);
    response.json({ conversations: await admin.conversations(pageOf(request)) });
  });
  router.get('/api/admin/storage', async (request, response) => {
    await actorOf(request);
    response.json(await admin.storage());
  });
  router.get('/api/admin/dead-letters', async (request, response) => {
    await actorOf(request);
    response.json({ deadLetters: await deadLetters(store.db, pageOf(request)) });
  });
  router.post('/api/admin/dead-letters/:letter/retry', async (request, response) => {
    response.json(await admin.retryDeadLetter(await actorOf(request), letterOf(request)));
  });
  router.delete('/api/admin/dead-letters/:letter', async (request, response) => {
    await admin.dropDeadLetter(await actorOf(request), letterOf(request));
    response.status(204).end();
  });
  router.get('/api/admin/files', async (request, response) => {
    await actorOf(request);
    response.json(await admin.files(pageOf(request)));
  });
  router.post('/api/admin/files/check', async (request, response) => {
    await admin.checkFiles(await actorOf(request));
    response.status(204).end();
  });
  router.get('/api/admin/settings', async (request, response) => {
    await actorOf(request);
    response.json(settings.all);
  });
  router.patch('/api/admin/settings', async (request, response) => {
    const actor = await actorOf(request);
    response.json(await admin.changeSettings(actor, parsed(SettingsChange, request.body)));
  });
  router.get('/api/admin/reports', async (request, response) => {
    await actorOf(request);
    const open = oneOf(request.query, 'state', ['open', 'closed'] as const) === 'open';
    const found = await reports(store.db, { open, ...pageOf(request) });
    const people = found.flatMap(({ reporter, closedBy, evidence }) => [
      ...[reporter, ...(closedBy === null ? [] : [closedBy])],
      ...evidence.map(({ entry }) => entry.sender),
    ]);
    response.json({ reports: found, names: await admin.namesOf(people) });
  });
  router.post('/api/admin/reports/:id/close', async (request, response) => {
    const actor = await actorOf(request);
    const { note } = parsed(ReportClosing, request.body);
    await admin.closeReport(actor, parsed(Id, request.params.id), note);
    response.status(204).end();
  });
  router.get('/api/admin/audit', async (request, response) => {
    await actorOf(request);
    const about = oneOf(request.query, 'about', ['all', ...AUDIT_ABOUT] as const);
    const audit = await admin.audit({ ...backwards(request), about: about === 'all' ? null : about });
    const people = audit.flatMap(({ actor, subject }) => [actor, subject]);
    response.json({ audit, names: await admin.namesOf(people) });
  });
  return router;
}
