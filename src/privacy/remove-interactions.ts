import type { Db } from '../db/database.ts';
import { type BatchOptions, type Rows, updateRows } from './batches.ts';
import { deleteWithChanges } from './erased-changes.ts';

/** Removes interactions, and keeps survey responses about them. Returns the number of removed interactions. */
export function removeInteractions(db: Db, interactions: Rows, batches: BatchOptions): Promise<number> {
  return deleteWithChanges(db, interactions, batches, (ids) => {
    const answers: Rows = { model: 'SurveyResponse', where: '"interactionId" = ANY ($2::uuid[])', values: [ids] };
    return updateRows(db, answers, batches, '"interactionId" = NULL');
  });
}
