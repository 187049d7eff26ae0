import { inputRequired } from '@modelcontextprotocol/server';
import type { FixtureTool } from './fixture-tool.ts';
import { asking, sample } from './input-tools.ts';

type Schema = Extract<Parameters<typeof inputRequired.elicit>[0], { requestedSchema: unknown }>['requestedSchema'];

const elicit = (message: string, requestedSchema: Schema): FixtureTool =>
  asking({ answer: inputRequired.elicit({ message, requestedSchema }) }, 'Elicitation completed:');

const titled = (names: string[]) => names.map((name, index) => ({ const: `value${index + 1}`, title: name }));

/** Tools of the revision 2025-11-25, in which a server sends requests to the client. */
export const elicitationTools: Record<string, FixtureTool> = {
  test_sampling: asking({ answer: sample('Test prompt for sampling', 100) }, 'LLM response:'),
  test_elicitation: elicit('Please provide your information', {
    type: 'object',
    properties: {
      username: { type: 'string', description: "User's response" },
      email: { type: 'string', description: "User's email address" },
    },
    required: ['username', 'email'],
  }),
  test_elicitation_sep1034_defaults: elicit('Please check the defaults', {
    type: 'object',
    properties: {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    },
  }),
  test_elicitation_sep1330_enums: elicit('Please choose', {
    type: 'object',
    properties: {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: titled(['First Option', 'Second Option', 'Third Option']) },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: titled(['First Choice', 'Second Choice', 'Third Choice']) } },
    },
  }),
};
