import type { IdentityProof, Purpose } from '../generated/prisma/enums.ts';

/** Actor and operation of a write. Database triggers record them with every row that changes. */
export type Actor = {
  keyId: string;
  keyName: string;
  operation: string;
  purpose: Purpose | null;
  requestId: string;
  /** How the customer proved who they are, as the caller states. Null if the caller states nothing. */
  identityProof: IdentityProof | null;
};

/** Returns the actor of work done from the command line or by the process itself, where no API key is involved. */
export function operator(operation: string): Actor {
  return { keyId: nobody, keyName: 'operator', operation, purpose: null, requestId: '', identityProof: null };
}

const nobody = '00000000-0000-0000-0000-000000000000';
