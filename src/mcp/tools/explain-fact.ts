import * as z from 'zod';
import { identity, purpose, reading, requireVerified } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import { listReply } from '../text/list-reply.ts';
import { Markers } from '../text/markers.ts';
import { minuteOf } from '../text/names.ts';
import { harmlessJson } from '../text/neutralize.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  factId: z.string().max(200).describe('A value of `facts`, not its reference.'),
  ...identity,
  purpose,
  ...reading,
});

const output = z.object({
  factId: z.string(),
  kind: z.string(),
  value: z.unknown(),
  method: z.string(),
  version: z.int(),
  confidence: z.number(),
  at: z.string(),
  numberOfInputs: z.int(),
  inputs: z.array(z.object({ id: z.string().nullable(), name: z.string(), value: z.unknown() })),
});

const document = `query McpExplainFact($id: ID!) {
  fact(id: $id) { id kind value method version confidence at numberOfInputs inputs { id name value } } }`;

type Explanation = {
  id: string;
  kind: string;
  value: unknown;
  method: string;
  version: number;
  confidence: number;
  at: string;
  numberOfInputs: number;
  inputs: { id: string | null; name: string; value: unknown }[];
};

export const explainFact = defineTool({
  name: 'explain_fact',
  title: 'Explain a fact',
  description: 'Explains a fact of a verified customer: value, method, confidence, and the records it comes from.',
  scopes: ['customers:read'],
  effect: 'READ',
  input,
  output,
  async run(args, { ask }) {
    requireVerified(args);
    const { fact } = await ask<{ fact: Explanation | null }>(document, { id: args.factId });
    if (!fact) throw new ToolError('NOT_FOUND', 'This fact does not exist. Read get_customer_context again.');
    const { id, kind, method, version, confidence, at, numberOfInputs } = fact;
    const most = args.responseFormat === 'detailed' ? 1_000 : 200;
    const markers = new Markers();
    const shown = (value: unknown) => markers.around(JSON.stringify(harmlessJson(value, most)));
    const value = harmlessJson(fact.value, most);
    return listReply({
      maxTokens: args.maxTokens,
      head: [
        `FACT ${kind}, confidence ${confidence}, as of ${minuteOf(at)}, by ${method} (version ${version}). ${markers.notice}`,
        `VALUE ${shown(fact.value)}`,
        `INPUTS ${numberOfInputs}`,
      ].join('\n'),
      rows: fact.inputs.map((each) => ({
        line: `${each.name} ${shown(each.value)} ${each.id ?? ''}`,
        data: { id: each.id, name: each.name, value: harmlessJson(each.value, most) },
      })),
      omitted: (count) =>
        count < numberOfInputs ? `OMITTED ${numberOfInputs - count} inputs. Raise maxTokens.` : null,
      data: (inputs) => ({ factId: id, kind, value, method, version, confidence, at, numberOfInputs, inputs }),
    });
  },
});
