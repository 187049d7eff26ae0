/**
 * Writes the values of one column as a PostgreSQL array literal. `type` is the type of the column, which distinguishes
 * a list from a JSON array. Each list becomes one text element, because PostgreSQL requires nested arrays to be
 * rectangular.
 */
export function arrayLiteral(values: unknown[], type: string): string {
  const elementOf = elementWriter(type);
  return `{${values.map((value) => (value === null || value === undefined ? 'NULL' : elementOf(value))).join(',')}}`;
}

function elementWriter(type: string): (value: unknown) => string {
  if (type === 'jsonb') return (value) => quoted(JSON.stringify(value));
  if (type.endsWith('[]')) return (value) => quoted(arrayLiteral(value as unknown[], type.slice(0, -2)));
  if (type.startsWith('timestamp')) return instantWriter();
  return plainTypes.has(type) ? String : (value) => quoted(String(value));
}

// Rows written together often share a timestamp, and formatting it costs more than everything else here.
function instantWriter(): (value: unknown) => string {
  let last: unknown;
  let text = '';
  return (value) => {
    if (value !== last) text = (value as Date).toISOString();
    last = value;
    return text;
  };
}

// Text of these types never contains a character that is special in an array literal.
const plainTypes = new Set(['uuid', 'integer', 'numeric', 'boolean', 'double precision']);

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
