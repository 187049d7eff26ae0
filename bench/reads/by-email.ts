import type { Question } from './read.ts';
import type { Subject } from './subject.ts';

/** Variables that name a customer by email address. */
export function byEmail({ email }: Subject) {
  return { email };
}

/** SQL for the ID of the customer with the email address `$2` in the workspace `$1`. */
export const customerIdByEmail = `(SELECT "customerId" FROM "ContactPoint"
  WHERE "workspaceId" = $1 AND "normalizedValue" = $2 AND "kind" = 'EMAIL')`;

/**
 * PostGraphile's request for fields of the customer with this email address. PostGraphile offers no lookup by a unique
 * index, only by a constraint.
 */
export function postgraphileByEmail(fields: string): Question {
  const condition = '{ workspaceId: $workspaceId, normalizedValue: $email, kind: EMAIL }';
  return {
    text: `query ($workspaceId: UUID!, $email: String!) {
      only: allContactPoints(first: 1, condition: ${condition}) { nodes { customerByWorkspaceIdAndCustomerId { ${fields} } } } }`,
    variables: ({ workspaceId, email }) => ({ workspaceId, email }),
  };
}
