import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { check, descriptionsOf, messagesOf, problemsOf, proseOf } from '../scripts/english.ts';

describe('a description', () => {
  it.each([
    ['Which.', 'channel', 'Write at least 4 words.'],
    ['The time the order was placed at', 'placedAt', 'End with a period.'],
    ['Its placed at of this.', 'placedAt', 'Say more than the name does.'],
    ['Is set while the case is open.', 'assignee', 'Start with the subject, or with "Not" or "Must".'],
    ['Text of what is personal.', 'note', 'Name the thing instead of "what is …".'],
    ['Twenty rows a page unless told.', 'first', 'Write "by default" instead of "unless told".'],
  ])('is refused: %s', (text, name, problem) => {
    expect(problemsOf({ text, name, kind: 'description' })).toContain(problem);
  });

  it('is accepted if it says what the name does not', () => {
    const text = 'When the order was placed. Null for imported orders without a date.';

    expect(problemsOf({ text, name: 'placedAt', kind: 'description' })).toEqual([]);
  });

  it('is expected on every type, field, argument, input field and enum value', () => {
    const schema = buildSchema(`
      "Queries of the test schema." type Query { "Orders of the workspace, newest first." orders(first: Int): [Kind] }
      enum Kind { "Bought in a shop with a till." SHOP WEB }
      "Conditions that an order must meet." input Where { status: Kind }`);

    const missing = check(descriptionsOf(schema)).filter(({ problem }) => problem === 'Write at least 4 words.');

    expect(missing.map(({ where }) => where)).toEqual(['Query.orders(first)', 'Kind', 'Kind.WEB', 'Where.status']);
  });
});

describe('a message', () => {
  const source = `
    // Is only a comment.
    throw invalid('Is no valid e-mail address.', 'email');
    throw new DomainError('CONFLICT', \`The key of \${name} goes on.\`, { field: ["a"] });
    await query("SELECT 1 FROM x WHERE y = 'It is data.'");
    say("Not a valid email address.");`;

  it('is found wherever a module holds a sentence in quotes', () => {
    expect(messagesOf('a.ts', source).map(({ text }) => text)).toEqual([
      'Is no valid e-mail address.',
      'The key of … goes on.',
      'Not a valid email address.',
    ]);
  });

  it('is refused where it starts with "Is" or sounds translated', () => {
    expect(check(messagesOf('a.ts', source)).map(({ problem }) => problem)).toEqual([
      'Write "email" instead of "e-mail".',
      'Start with the subject, or with "Not" or "Must".',
      'Write "continues" instead of "goes on".',
    ]);
  });
});

it('reads the prose of a page, not its code', () => {
  const page = 'It shall work.\n\n```sh\nshall\n```\n\nRun `shall` now, or [read on](shall.md).\n';

  expect(check(proseOf('a.md', page))).toEqual([
    expect.objectContaining({ where: 'a.md', text: 'It shall work.', problem: expect.stringContaining('shall') }),
  ]);
});
