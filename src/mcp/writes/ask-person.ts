import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { ToolError } from '../ask.ts';
import type { Tool } from '../tool.ts';
import type { Confirmation } from './confirmations.ts';

const inputKey = 'confirm';
const agreement = z.object({ agree: z.boolean().meta({ title: 'Do this' }) });

/** Whether the client can ask its user. Clients of the revision 2026-07-28 say so with every request. */
export function canAsk(server: Server, { mcpReq: { envelope } }: ServerContext): boolean {
  const own = (envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const { elicitation } = (own as ClientCapabilities | undefined) ?? server.getClientCapabilities() ?? {};
  // A client that names no mode supports forms.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** Result that makes the client ask its user, and then repeat the call. The code goes to the client, not to the model. */
export function question({ title }: Tool, preview: string, { code }: Confirmation): InputRequiredResult {
  const message = `${title}?\n${preview}`;
  return inputRequired({
    inputRequests: { [inputKey]: inputRequired.elicit({ message, requestedSchema: agreement }) },
    requestState: code,
  });
}

/** Code of the question that the repeated call answers. Undefined for a first call. */
export function stateOf({ mcpReq }: ServerContext): string | undefined {
  return mcpReq.requestState<string>();
}

/** Throws FORBIDDEN unless the user agreed. */
export function requireAgreement({ mcpReq: { inputResponses } }: ServerContext): void {
  if (acceptedContent(inputResponses, inputKey, agreement)?.agree === true) return;
  const { action } = Object(inputResponses?.[inputKey]);
  const what = action === 'cancel' ? 'has not answered' : 'did not agree';
  throw new ToolError('FORBIDDEN', `The person ${what}. Nothing has changed.`);
}
