import * as z from 'zod';
import { authorOf, type Markers, untrusted } from '../text/markers.ts';
import { minuteOf } from '../text/names.ts';
import { untrustedText } from '../text/untrusted-output.ts';

/** Selection of an interaction in a list. */
export const interactionFields = 'id channel direction kind occurredAt subject body actor { kind }';

export type InteractionRow = {
  id: string;
  channel: string;
  direction: string;
  kind: string;
  occurredAt: string;
  subject: string | null;
  body: string | null;
  actor: { kind: string };
};

export const interactionOutput = z.object({
  interactionId: z.string(),
  channel: z.string(),
  direction: z.string(),
  occurredAt: z.string(),
  subject: untrustedText.nullable(),
  excerpt: untrustedText.nullable(),
});

/** How to quote an interaction: the most characters of its body, and the word for one without any text. */
export type Quoting = { most: number; markers: Markers; nothing: string };

/** One line of text about an interaction, and the same as data. */
export function interactionRow(interaction: InteractionRow, { most, markers, nothing }: Quoting) {
  const { id, channel, direction, kind, occurredAt, actor } = interaction;
  const author = authorOf(actor.kind);
  const subject = untrusted(interaction.subject, author, id, 100);
  const excerpt = untrusted(interaction.body, author, id, most);
  const quoted = [subject, excerpt].flatMap((text) => (text ? [markers.around(text.value)] : []));
  return {
    line: `${minuteOf(occurredAt)} ${channel} ${direction} ${kind} ${author}: ${quoted.join(' ') || nothing}`,
    data: { interactionId: id, channel, direction, occurredAt, subject, excerpt },
  };
}
