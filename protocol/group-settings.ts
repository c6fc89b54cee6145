/** What a `settings` entry of a group says: one JSON object, of which a client changes what it knows and keeps the rest. */
import type { Body } from './entries.ts';
import { utf8Length } from './text.ts';

export const GROUP_SETTINGS_TYPE = 'application/vnd.matchbook.settings+json';
/** Characters of a description; its body has room for them whatever they are. */
export const DESCRIPTION_LENGTH = 500;

function fieldsOf(body: Body | null): Record<string, unknown> {
  if (body?.type !== GROUP_SETTINGS_TYPE || !('text' in body)) return {};
  try {
    const fields: unknown = JSON.parse(body.text);
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      ? (fields as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** What the group is about; null where nobody said it. */
export function descriptionOf(settings: Body | null): string | null {
  const { description } = fieldsOf(settings);
  return typeof description === 'string' && description.trim() !== '' ? description : null;
}

/** The settings with another description; an empty one takes it away. */
export function withDescription(settings: Body | null, description: string): Body {
  const { description: _, ...rest } = fieldsOf(settings);
  const text = description.trim();
  return {
    type: GROUP_SETTINGS_TYPE,
    text: JSON.stringify(text === '' ? rest : { ...rest, description: text }),
  };
}

/** Bytes that the settings would have. */
export const settingsBytes = (settings: Body): number => ('text' in settings ? utf8Length(settings.text) : 0);
