import { sqlStateOf } from '../db/sql-state.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { DomainError } from '../lib/errors.ts';

// What no row can cause: no right to write, another schema, a transaction or session that is over, lost races.
const ofDatabase = /^(0A|25|28|3D|40|42|55|57|58|F0)/;

/** Whether a row may have caused a fault, so that the others can be written without it. */
export function isRowFault(fault: unknown): boolean {
  // The rejects file cannot be written.
  if (Object(fault).syscall !== undefined) return false;
  return !isUnavailable(fault) && !ofDatabase.test(sqlStateOf(fault) ?? '');
}

/** What to tell of the one row that caused a fault. Quotes nothing: messages of the database show values. */
export function rowFault(fault: unknown): DomainError {
  if (fault instanceof DomainError) return fault;
  const state = sqlStateOf(fault);
  if (state === '23505') return new DomainError('CONFLICT', 'Clashes with a record that another writer just made.');
  if (state?.startsWith('22') || state?.startsWith('23') || state?.startsWith('54')) {
    return new DomainError('INVALID_INPUT', `The database cannot store this row: ${meaningOf(state)}.`);
  }
  const code = state ? ` (SQLSTATE ${state})` : '';
  return new DomainError('INTERNAL', `An internal error stopped this row${code}. Report it.`);
}

function meaningOf(state: string): string {
  if (state === '22003') return 'a number or a sum of numbers is too large';
  if (state === '22001') return 'a text is too long';
  if (state.startsWith('54')) return 'it is too large or nested too deep';
  return `SQLSTATE ${state}`;
}
