import { LANGUAGES } from '@matchbook/protocol/bridge/choices';
import { expect, it } from 'vitest';
import { EXPORT_WORDS, exportWords } from '../words/exported.ts';
import { head, messageHtml } from './page.ts';
import type { Told } from './told.ts';

const line: Told = {
  ...{ n: 4, id: 'm', kind: 'message', time: '2026-03-01T10:00:00.000Z', sender: 'bob', senderName: '<Bob>' },
  ...{
    text: 'a <b>word</b>',
    replyTo: 2,
    first: 'a',
    edits: [{ time: '2026-03-01T10:05:00.000Z', text: 'a <b>word</b>' }],
  },
  files: [{ hash: 'h', name: 'plan.pdf', type: 'application/pdf', size: 2_048 }],
};

it('are in the language of the person, from right to left where it is written so', () => {
  const arabic = exportWords('ar');
  expect(head('x', '', arabic)).toContain('<html lang="ar" dir="rtl">');
  expect(head('x', '', exportWords('de'))).toContain('<html lang="de" dir="ltr">');
  const html = messageHtml(line, false, () => null, arabic);
  for (const words of ['ردًا على الرسالة 2', 'معدّلة', '(ليس في هذا التصدير)']) expect(html).toContain(words);
  expect(html).toContain('&lt;Bob&gt;');
  expect(html).toContain('a &lt;b&gt;word&lt;/b&gt;');
  expect(messageHtml(line, false, () => null, exportWords('fr'))).toContain('En réponse au message 2');
});

it('tells times as the person’s clock did, in their language, and keeps the exact one beside them', () => {
  const there = exportWords('de', 'Asia/Tokyo');
  const late = { ...line, time: '2026-03-01T23:30:00.000Z' };
  expect(there.day(late.time)).toBe('Montag, 2. März 2026');
  const html = messageHtml(late, false, () => null, there);
  expect(html).toContain('>08:30</time>');
  expect(html).toContain('datetime="2026-03-01T23:30:00.000Z" title="2. März 2026');
  expect(messageHtml(late, false, () => null, exportWords('en', 'America/New_York'))).toMatch(/>6:30\sPM</);
  expect(exportWords('ja', 'UTC').moment(late.time)).toContain('2026年3月1日');
});

it('says in words what is no message, and by its name what a newer version did', () => {
  const said = exportWords('en');
  const system = (kind: string) => messageHtml({ ...line, kind, text: 'Club' }, false, () => null, said);
  expect(system('rename')).toContain('named it “<bdi>Club</bdi>”');
  expect(system('constructor')).toContain('constructor');
});

it.each(LANGUAGES)('%s: every sentence keeps its places', (language) => {
  const words = EXPORT_WORDS[language];
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).sort();
  for (const key of ['replyTo', 'lead', 'range', 'beside'] as const)
    expect(places(words[key])).toEqual(places(EXPORT_WORDS.en[key]));
  for (const category of new Intl.PluralRules(language).resolvedOptions().pluralCategories)
    expect(exportWords(language).count(category === 'one' ? 1 : 3, words.messages)).not.toBe('');
});

it('shows what is written as the app does, and nothing of it as HTML', () => {
  const page = (text: string) => messageHtml({ ...line, text }, false, () => null, exportWords('en'));
  expect(page('On **Saturday** at `<nine>`, ~~not~~ *Sunday*')).toContain(
    '<p class="text" dir="auto">On <b>Saturday</b> at <code>&lt;nine&gt;</code>, <s>not</s> <i>Sunday</i></p>',
  );
  expect(page('> asked\n\n- one\n- two')).toMatch(
    /<blockquote><p[^>]*>asked<\/p><\/blockquote><ul><li.*one.*two/,
  );
  expect(page('3. three')).toContain('<ol start="3">');
  expect(page('```html\n<script>x</script>\n```')).toContain('<code>&lt;script&gt;x&lt;/script&gt;');
  expect(page('See https://a.example/"x and [here](https://b.example/?a=1&b=2)')).toContain(
    '<a href="https://b.example/?a=1&amp;b=2" rel="noreferrer">here</a>',
  );
  expect(page('||the end||')).toContain('<span class="spoiler" tabindex="0">the end</span>');
  expect(page('matchbook://join/x')).not.toContain('href="matchbook');
});
