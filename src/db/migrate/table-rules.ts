import { tables } from '../../lib/tables.ts';
import type { Table } from '../../manifest.ts';

/** A table with its manifest and the names of its columns. */
export type DescribedTable = Table & { name: string; columnNames: string[] };

const workspace = `nullif(current_setting('app.workspace_id', true), '')::uuid`;
const customer = `nullif(current_setting('app.customer_id', true), '')::uuid`;

/** Finds the tables that a migration written by the schema engine creates. */
export function createdTables(migration: string): { name: string; columnNames: string[] }[] {
  return [...migration.matchAll(/^CREATE TABLE "(\w+)" \(\n(.*?)^\);/gms)].map(([, name = '', body = '']) => ({
    name,
    columnNames: [...body.matchAll(/^ {4}"(\w+)"/gm)].map(([, column = '']) => column),
  }));
}

/**
 * Builds the SQL that a new table needs besides its columns and keys: row-level security with one policy for each role,
 * the privileges of the roles, and the triggers that its manifest and its columns call for.
 */
export function tableRules(table: DescribedTable): string {
  const { name } = table;
  return `-- Row-level security, privileges and triggers of ${name}
ALTER TABLE "${name}" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "${name}" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "${name}" TO rapport_app;
CREATE POLICY app ON "${name}" TO rapport_app USING (${tenantCondition(table)});
GRANT SELECT ON "${name}" TO rapport_customer;
CREATE POLICY customer ON "${name}" FOR SELECT TO rapport_customer USING (${customerCondition(table)});
${triggers(table).join('')}`;
}

// Only the table of the workspaces themselves has no such column.
function tenantCondition({ columnNames }: DescribedTable): string {
  return `"${columnNames.includes('workspaceId') ? 'workspaceId' : 'id'}" = ${workspace}`;
}

// A query of a customer may name a table without finding rows in it, such as the tags of the customer.
function customerCondition(table: DescribedTable): string {
  const { name, customerRows, customerCondition: also } = table;
  if (customerRows === undefined) return 'false';
  const own = customerRows === 'OWN' && `"${name === 'Customer' ? 'id' : 'customerId'}" = ${customer}`;
  return [tenantCondition(table), own, also].filter(Boolean).join(' AND ');
}

function triggers(table: DescribedTable): string[] {
  const { name, columnNames, isUnaudited, unauditedColumns = [], erasure, partOf } = table;
  const found: string[] = [];
  // The customer of a part only follows from the record it belongs to.
  const followsFromOthers = [...(partOf === undefined ? [] : ['customerId']), ...unauditedColumns];
  const silent = followsFromOthers.map((column) => `'${column}'`).join(', ');
  if (!isUnaudited)
    found.push(`CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "${name}" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit(${silent});
`);
  if (columnNames.includes('version') && columnNames.includes('updatedAt'))
    found.push(`CREATE TRIGGER next_version BEFORE UPDATE OF "updatedAt" ON "${name}" FOR EACH ROW
  EXECUTE FUNCTION rapport_next_version();
`);
  if (erasure === 'DELETE' || erasure === 'IDENTITY')
    found.push(`CREATE TRIGGER refuse_erased AFTER INSERT ON "${name}" REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  EXECUTE FUNCTION rapport_refuse_erased();
CREATE TRIGGER refuse_erased_moved AFTER UPDATE OF "customerId" ON "${name}" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_refuse_erased();
`);
  if (partOf !== undefined) {
    const known = tables.flatMap((each) => (each.partOf === partOf ? [each.name] : []));
    const parts = [...new Set([...known, name])].map((part) => `'${part}'`);
    found.push(`CREATE OR REPLACE TRIGGER move_parts AFTER UPDATE OF "customerId" ON "${partOf}" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_move_parts('${referenceTo(partOf)}', ${parts.join(', ')});
`);
  }
  return found;
}

// `Order` is referred to by the column `orderId`.
function referenceTo(table: string): string {
  return `${table.charAt(0).toLowerCase()}${table.slice(1)}Id`;
}
