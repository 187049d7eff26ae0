import * as z from 'zod';
import { customerCardUri } from '../app/customer-card.ts';
import { customerId, identity, isVerified, purpose, reading, unknownCustomer } from '../arguments.ts';
import { type Context, contextDocument, type Salutation, salutationDocument } from '../context/context-document.ts';
import { contextOutput } from '../context/context-output.ts';
import { contextReply, salutationReply } from '../context/context-reply.ts';
import { languages, wordings } from '../context/wording.ts';
import { Markers } from '../text/markers.ts';
import { defineTool } from '../tool.ts';
import { channel } from './channels.ts';

const input = z.strictObject({
  customerId,
  ...identity,
  purpose,
  /** Channel to reply on. */
  channel: channel.optional(),
  language: z.enum(languages).default('en'),
  asOf: z.iso.datetime({ offset: true }).optional(),
  ...reading,
});

export const getCustomerContext = defineTool({
  name: 'get_customer_context',
  title: 'Get the customer context',
  description:
    'Returns what matters about a customer before you reply, most important first: how to address them, open cases, ' +
    'contact rules, value, orders, preferences, messages. Lines end with references to facts for explain_fact. ' +
    'CLAIMED gets only a salutation; VERIFIED needs `proof`. `detailed` adds data.',
  scopes: ['customers:read'],
  effect: 'READ',
  app: customerCardUri,
  input,
  output: contextOutput,
  async run(args, { ask }) {
    const { assurance, maxTokens, language, asOf } = args;
    const isDetailed = args.responseFormat === 'detailed';
    const stated = args.purpose ?? 'SUPPORT';
    const isProven = isVerified(args);
    const variables = {
      by: { id: args.customerId },
      purpose: stated,
      channel: args.channel ?? null,
      asOf: asOf ?? null,
      ...(isProven && { length: isDetailed ? 50 : 20, detailed: isDetailed }),
    };
    const document = isProven ? contextDocument : salutationDocument;
    const found = await ask<{ customerContext: Context | Salutation | null }>(document, variables, { purpose: stated });
    const context = found.customerContext;
    if (!context) throw unknownCustomer();
    const rendering = { words: wordings[language], markers: new Markers(), isDetailed };
    const head = `${stated} ${assurance}`;
    return 'now' in context
      ? contextReply(context, head, maxTokens, rendering)
      : salutationReply(context, head, maxTokens, rendering);
  },
});
