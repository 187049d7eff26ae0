import type { Db } from '../db/database.ts';
import { type Batches, type Rows, setInRows } from './batches.ts';
import { deleteWithChanges } from './erased-changes.ts';

/** Removes interactions. What was answered about them stays. How many. */
export function removeInteractions(db: Db, interactions: Rows, batches: Batches): Promise<number> {
  return deleteWithChanges(db, interactions, batches, (ids) => {
    const answers: Rows = { model: 'SurveyResponse', where: '"interactionId" = ANY ($2::uuid[])', values: [ids] };
    return setInRows(db, answers, batches, '"interactionId" = NULL');
  });
}
