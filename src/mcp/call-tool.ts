import type * as z from 'zod';
import type { Identity } from './arguments.ts';
import { type Ask, type AskOptions, ToolError } from './ask.ts';
import type { Caller, Reply, Tool } from './tool.ts';

/** Checks the arguments of a call, and runs the tool. Throws a `ToolError` that says what to do instead. */
export async function callTool(tool: Tool, args: Record<string, unknown>, caller: Caller): Promise<Reply> {
  const parsed = tool.input.safeParse(args);
  if (!parsed.success) throw invalidArguments(tool, parsed.error);
  if (caller.customerId !== null) checkCustomer(tool, parsed.data, caller.customerId);
  return tool.run(parsed.data, { ...caller, ask: stating(parsed.data, caller.ask) });
}

// Every operation of a call states its purpose and, for the audit log, how the customer proved who they are.
function stating({ purpose, assurance, proof }: Partial<Identity> & AskOptions, ask: Ask): Ask {
  const stated = { purpose, ...(assurance === 'VERIFIED' && { identityProof: proof }) };
  return (document, variables, options) => ask(document, variables, { ...stated, ...options });
}

// A model that obeys a message could otherwise read about any customer.
function checkCustomer({ input, servesOneCustomer }: Tool, args: Record<string, unknown>, customerId: string): void {
  const isAllowed = 'customerId' in input.shape ? args.customerId === customerId : servesOneCustomer;
  if (isAllowed) return;
  const message = 'This connection serves one customer. Call find_customer for their ID, and tools that take it.';
  throw new ToolError('FORBIDDEN', message);
}

// Names of unknown arguments come from the caller, so the message lists the known ones instead.
function invalidArguments({ input }: Tool, { issues }: z.ZodError): ToolError {
  const problems = issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `Send only these arguments: ${Object.keys(input.shape).join(', ')}.`;
    const path = issue.path.join('.');
    return path === '' ? `${issue.message}.` : `\`${path}\`: ${issue.message}.`;
  });
  return new ToolError('INVALID_INPUT', problems.join(' '), { field: (issues[0]?.path ?? []).map(keyOf) });
}

const keyOf = (key: PropertyKey) => (typeof key === 'number' ? key : String(key));
