import { CLIENT_CAPABILITIES_META_KEY, type InputRequest, inputRequired } from '@modelcontextprotocol/server';
import { type Context, type FixtureTool, requestState, textResult } from './fixture-tool.ts';

const elicit = (message: string, name: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
  });
const askName = elicit('What is your name?', 'name');
const confirm = inputRequired.elicit({
  message: 'Please confirm',
  requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
});
export const sample = (text: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens });

/** Asks for inputs until all have arrived, and then returns a text about them. */
export function asking(inputRequests: Record<string, InputRequest>, done: string, hasState = false): FixtureTool {
  return async ({ mcpReq }) => {
    const answers = mcpReq.inputResponses ?? {};
    const missing = Object.entries(inputRequests).filter(([name]) => !(name in answers));
    if (missing.length === 0 && (!hasState || mcpReq.requestState() !== undefined))
      return textResult(`${done} ${JSON.stringify(answers)}`);
    const asked = Object.fromEntries(missing.length > 0 ? missing : Object.entries(inputRequests));
    return inputRequired({
      inputRequests: asked,
      ...(hasState && { requestState: await requestState.mint({ round: 1 }) }),
    });
  };
}

const isString = (value: unknown): value is string => typeof value === 'string';

/** Tools that ask the client for input. */
export const inputTools: Record<string, FixtureTool> = {
  async test_input_required_result_elicitation({ mcpReq }: Context) {
    const { action, content } = Object(mcpReq.inputResponses?.user_name);
    return action === 'accept' && isString(content?.name)
      ? textResult(`Hello, ${content.name}!`)
      : inputRequired({ inputRequests: { user_name: askName } });
  },
  test_input_required_result_sampling: asking(
    { capital_question: sample('What is the capital of France?', 100) },
    'The model answered',
  ),
  test_input_required_result_list_roots: asking({ client_roots: inputRequired.listRoots() }, 'The roots are'),
  test_input_required_result_request_state: asking({ confirm }, 'state-ok', true),
  test_input_required_result_tampered_state: asking({ confirm }, 'state-ok', true),
  test_input_required_result_multiple_inputs: asking(
    { user_name: askName, greeting: sample('Generate a greeting', 50), client_roots: inputRequired.listRoots() },
    'All have answered',
    true,
  ),
  async test_input_required_result_multi_round({ mcpReq }: Context) {
    const round = mcpReq.requestState<{ round: number }>()?.round ?? 0;
    const answers = mcpReq.inputResponses ?? {};
    if (round === 2 && answers.step2) return textResult('Both steps are done.');
    const next = round >= 1 && answers.step1 ? 2 : 1;
    const step: Record<string, InputRequest> =
      next === 2
        ? { step2: elicit('Step 2: What is your favorite color?', 'color') }
        : { step1: elicit('Step 1: What is your name?', 'name') };
    return inputRequired({ inputRequests: step, requestState: await requestState.mint({ round: next }) });
  },
  async test_input_required_result_capabilities({ mcpReq }: Context) {
    const envelope: Record<string, unknown> = { ...mcpReq.envelope };
    const declared = Object(envelope[CLIENT_CAPABILITIES_META_KEY]);
    return inputRequired({
      inputRequests: {
        ...(declared.elicitation && { user_name: askName }),
        ...(declared.sampling && { greeting: sample('Generate a greeting', 50) }),
      },
    });
  },
};
