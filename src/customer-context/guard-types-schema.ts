import { getNamedType } from 'graphql';
import { DomainError, invalid } from '../lib/errors.ts';
import { type FieldCheck, ForbiddenField, NeedsResolver } from '../query/compile/compiler.ts';
import { identityNames } from './sections/identity-schema.ts';

// Purposes for which rows of a type may be read in a context, by the name of the type.
const purposesOf = new Map<string, Set<string>>();

/** Declares that a part of the context shows rows of this type for these purposes. */
export function guardType(type: string, purposes: readonly string[]): void {
  purposesOf.set(type, new Set([...(purposesOf.get(type) ?? []), ...purposes]));
}

/**
 * Returns the check of the fields of rows in a context. A row leads to other rows, such as the interactions of a case,
 * which must be shown for the purpose too. It leads back to the customer, whose data the context has parts for.
 */
export function checkWithin(purpose: string, isPast: boolean): FieldCheck {
  return (parent, field, pagesAround) => {
    const { name } = getNamedType(field.type);
    const path = `${parent.name}.${field.name}`;
    const purposes = purposesOf.get(name.replace(/Connection$/, ''));
    if (purposes && !purposes.has(purpose))
      throw new ForbiddenField(
        path,
        new DomainError(
          'FORBIDDEN',
          `${path} cannot be read for the purpose ${purpose}. Remove it from the selection.`,
        ),
      );
    if (parent.name === 'Customer' && !identityNames.has(field.name))
      throw new NeedsResolver(
        path,
        invalid(`${path} cannot be read in a context. Select it in the context itself, or query \`customer\`.`),
      );
    // The past has no indexes, so each level of lists multiplies the rows that are read.
    if (isPast && pagesAround > 0 && name.endsWith('Connection'))
      throw new NeedsResolver(
        path,
        invalid(`${path} is nested too deeply for \`asOf\`. Select no list within the list of a row.`),
      );
  };
}
