import { type ImportItem, refusal, type SourceRow } from '../../format.ts';
import type { KeyOf } from './source-types.ts';

const speakers = {
  user: { direction: 'INBOUND', kind: 'MESSAGE', actor: { kind: 'CUSTOMER' } },
  assistant: { direction: 'OUTBOUND', kind: 'MESSAGE', actor: { kind: 'BOT' } },
  tool: { direction: 'INTERNAL', kind: 'SYSTEM', actor: { kind: 'SYSTEM' } },
} as const;

/** Reads a conversation as one case. Each turn with text becomes an interaction of that case. */
export function* caseItems(
  display: string,
  name: string,
  keyOf: KeyOf,
  tick: () => Date,
  row: SourceRow,
): Generator<ImportItem> {
  const turns = turnsOf(display).map((turn) => ({ ...turn, at: tick() }));
  const looked = turns.filter(({ speaker }) => speaker === 'tool').map(({ text }) => text);
  const userId = looked
    .map((text) => /^[a-z]+_[a-z]+_\d+$/.exec(text)?.[0] ?? /"user_id": "([^"]+)"/.exec(text)?.[1])
    .find(Boolean);
  const [first, last] = [turns.at(0), turns.at(-1)];
  if (!first || !last) {
    yield refusal('This conversation is empty.', [row], { type: 'case', key: { externalId: name } });
    return;
  }
  const orderId = looked.map((text) => /"order_id": "([^"]+)"/.exec(text)?.[1]).find(Boolean);
  const isTransferred = last.text.startsWith('Transfer successful');
  // Some users never identify themselves.
  const about = { ...(userId && { customer: keyOf(userId) }), ...(orderId && { order: keyOf(orderId) }) };
  const subject = (turns.find(({ speaker }) => speaker === 'user')?.text ?? name).split('\n')[0] ?? name;
  const outcome = isTransferred
    ? {
        status: 'OPEN',
        handoff: {
          occurredAt: last.at,
          fromKind: 'BOT',
          to: 'human agent',
          reason: 'The request is beyond what the assistant may do.',
        },
      }
    : { status: 'RESOLVED', resolvedAt: last.at };
  const answered = turns.find(({ speaker }) => speaker === 'assistant')?.at;
  yield {
    type: 'case',
    key: { externalId: name },
    input: {
      key: keyOf(name),
      ...about,
      kind: 'REQUEST',
      // Drop a trailing half of a surrogate pair.
      subject: subject.slice(0, 200).replace(/[\ud800-\udbff]$/, ''),
      openedAt: first.at,
      firstResponseAt: answered,
      ...outcome,
    },
    rows: [row],
  };
  for (const [i, { speaker, text, at }] of turns.entries()) {
    const externalId = `${name}-${i + 1}`;
    const input = {
      key: keyOf(externalId),
      case: keyOf(name),
      ...about,
      channel: 'LIVE_CHAT',
      occurredAt: at,
      ...speakers[speaker],
      body: text,
    };
    yield { type: 'interaction', key: { externalId }, input, rows: [], from: row };
  }
}

// `assistant: None` marks a tool call, and ###STOP### the end of the script. Neither is part of the conversation.
function turnsOf(display: string): { speaker: keyof typeof speakers; text: string }[] {
  return display.split(/^(?=(?:user|assistant|tool): )/m).flatMap((turn) => {
    const [, speaker, text] = /^(user|assistant|tool): (.*)$/s.exec(turn) ?? [];
    const said = text?.replaceAll('###STOP###', '').trim();
    if (!said || said === 'None' || !(speaker === 'user' || speaker === 'assistant' || speaker === 'tool')) return [];
    return [{ speaker, text: said }];
  });
}
