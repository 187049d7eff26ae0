import { sqlStateOf } from '../../db/sql-state.ts';
import { isUnavailable } from '../../db/unavailable.ts';
import { DomainError } from '../../lib/errors.ts';

// Errors that no row can cause: missing privileges, a different schema, an ended transaction or session, lost races.
const ofDatabase = /^(0A|25|28|3D|40|42|55|57|58|F0)/;

/** Returns whether a row may have caused an error, so that the other rows can be written without it. */
export function isRowFault(fault: unknown): boolean {
  // A system call failed, so the rejects file cannot be written.
  if (Object(fault).syscall !== undefined) return false;
  return !isUnavailable(fault) && !ofDatabase.test(sqlStateOf(fault) ?? '');
}

/** Returns the error for the row that caused a fault. Quotes no database message, since those contain values. */
export function rowFault(fault: unknown): DomainError {
  if (fault instanceof DomainError) return fault;
  const state = sqlStateOf(fault);
  if (state === '23505') {
    const message = 'This row conflicts with a record that another request just created. Import this row again.';
    return new DomainError('CONFLICT', message);
  }
  if (state?.startsWith('22') || state?.startsWith('23') || state?.startsWith('54')) {
    return new DomainError('INVALID_INPUT', `The database cannot store this row: ${meaningOf(state)}.`);
  }
  const code = state ? ` (SQLSTATE ${state})` : '';
  return new DomainError('INTERNAL', `Internal error while writing this row${code}. Please report it.`);
}

function meaningOf(state: string): string {
  if (state === '22003') return 'a number or a sum of numbers is too large';
  if (state === '22001') return 'a text value is too long';
  if (state.startsWith('54')) return 'the row is too large or nested too deep';
  return `SQLSTATE ${state}`;
}
