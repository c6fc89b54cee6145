import fc from 'fast-check';
import { Check, Errors } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { Body } from './entries.ts';
import {
  AUDIENCES_PER_MESSAGE,
  Audience,
  bodyOf,
  callsEveryone,
  MESSAGE_TYPE,
  type MessageContent,
  readContent,
} from './message-body.ts';
import { shownText } from './shown-text.ts';

const word = fc.string({ minLength: 1, maxLength: 32, unit: 'grapheme-ascii' });
const audience = fc.oneof(
  fc.record({ to: fc.constantFrom('everyone', 'here', 'Everyone', 'team') }),
  fc.record({ to: word, as: word, more: fc.jsonValue() }),
);

describe('audiences', () => {
  it('stay what they are on the wire; a target that is not known hides nothing and calls nobody', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(audience, { maxLength: AUDIENCES_PER_MESSAGE }),
        (text, audiences) => {
          const content: MessageContent = { text, audiences };
          const body = bodyOf(content);
          expect(Check(Body, body)).toBe(true);
          expect(readContent(body)).toEqual(JSON.parse(JSON.stringify(content)));
          expect(callsEveryone(content)).toBe(audiences.some(({ to }) => to === 'everyone'));
          // What a version from before reads: it knows no such field.
          expect(shownText(body)).toBe(text === '' ? null : text);
        },
      ),
    );
  });

  it('have limits, which are named', () => {
    const read = (audiences: unknown) =>
      readContent({ type: MESSAGE_TYPE, text: JSON.stringify({ text: 'x', audiences }) });
    expect(read([{ to: '' }])).toBeNull();
    expect(read([{ as: 'All' }])).toBeNull();
    expect(read([{ to: 'everyone', as: '' }])).toBeNull();
    expect(read('everyone')).toBeNull();
    expect(read(Array(AUDIENCES_PER_MESSAGE).fill({ to: 'x' }))).not.toBeNull();
    expect(read(Array(AUDIENCES_PER_MESSAGE + 1).fill({ to: 'x' }))).toBeNull();
    expect(Errors(Audience, { to: 'x'.repeat(33) })[0]).toMatchObject({
      instancePath: '/to',
      params: { limit: 32 },
    });
  });
});
