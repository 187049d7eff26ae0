import * as z from 'zod';
import { customerId, type Identity, identity, isVerified, purpose } from '../../arguments.ts';
import { type Ask, ToolError } from '../../ask.ts';
import { Markers } from '../../text/markers.ts';
import { codeOf } from '../../text/names.ts';
import { harmlessJson } from '../../text/neutralize.ts';
import { defineWrite } from '../../writes/define-write.ts';

const input = {
  customerId,
  key: z.string().min(1).max(100).describe('Such as delivery.place.'),
  value: z.union([z.string().min(1).max(1_000), z.number(), z.boolean(), z.array(z.string().max(300)).max(100)]),
  /** Interaction in which the customer says so. */
  evidenceId: z.string().max(100).optional(),
  doNotUse: z.boolean().default(false),
  ...identity,
  purpose,
};

const evidenceDocument = `query McpEvidence($id: ID!) {
  node(id: $id) { ... on Interaction { direction actor { kind } customer { id } } } }`;

const document = `mutation McpRememberPreference($input: SetPreferenceInput!, $isDone: Boolean!) {
  set: setPreference(input: $input) { outcome preference @include(if: $isDone) { id status } } }`;

type Evidence = { direction?: string; actor?: { kind: string }; customer?: { id: string } | null };

type Written = { set: { outcome: string; preference?: { id: string; status: string } } };

export const rememberPreference = defineWrite({
  name: 'remember_preference',
  title: 'Remember a preference',
  description:
    'Records a preference. It is ACTIVE if a verified customer states it in the interaction `evidenceId`, and otherwise ' +
    'only PROPOSED.',
  scopes: ['customers:read', 'interactions:read', 'preferences:read', 'preferences:write'],
  effect: 'ADD',
  input,
  output: { outcome: z.string(), status: z.string(), preferenceId: z.string().nullable() },
  async run(args, { ask, write, isPreview }) {
    const { customerId, key, value, evidenceId, doNotUse } = args;
    const doubt = await doubtOf(args, () => ask(evidenceDocument, { id: evidenceId }));
    const sent = {
      customer: { id: customerId },
      key,
      value: typedValue(value),
      doNotUse,
      origin: doubt === null ? 'STATED' : 'INFERRED',
      isProposed: doubt !== null,
      confidence: doubt === null ? 1 : 0.5,
      source: 'agent',
      ...(evidenceId !== undefined && { evidence: [evidenceId] }),
    };
    const { set } = await write<Written>(document, { input: sent, isDone: !isPreview });
    const status = set.preference?.status ?? (doubt === null ? 'ACTIVE' : 'PROPOSED');
    const markers = new Markers();
    const shown = markers.around(JSON.stringify(harmlessJson(value, 200)));
    const use = doNotUse ? ' DO NOT USE' : '';
    const reason = doubt === null ? '' : ` ${doubt} A person can confirm it.`;
    return {
      text: `${status} ${codeOf(key)}${use}: ${shown}${reason} ${markers.notice}`,
      data: { outcome: set.outcome, status, preferenceId: set.preference?.id ?? null },
    };
  },
});

/** Why the preference can only be proposed. Null if the customer states it. */
async function doubtOf(
  args: Identity & { customerId: string; evidenceId?: string | undefined },
  read: () => ReturnType<Ask>,
): Promise<string | null> {
  const isProven = isVerified(args);
  if (args.evidenceId === undefined) return 'Proposed, because no evidence was sent.';
  const { node } = (await read()) as { node: Evidence | null };
  // The interaction of another customer gets the answer of one that does not exist.
  if (!node?.direction || node.customer?.id !== args.customerId)
    throw new ToolError('NOT_FOUND', 'This customer has no such interaction. Call search_interactions.', {
      field: ['evidenceId'],
    });
  if (!isProven) return 'Proposed, because the customer is not verified.';
  const isOfCustomer = node.direction === 'INBOUND' && node.actor?.kind === 'CUSTOMER';
  return isOfCustomer ? null : 'Proposed, because the customer did not write the evidence.';
}

function typedValue(value: string | number | boolean | string[]): object {
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'number') return { number: value };
  return typeof value === 'boolean' ? { boolean: value } : { stringList: value };
}
