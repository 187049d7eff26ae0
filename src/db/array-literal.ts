/**
 * Values of one column as a PostgreSQL array in text. `type` is the column's: it tells a list from a JSON array. Lists
 * come as the text of each, since an array of arrays would have to be rectangular.
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

// Rows that are written together often share an instant, and its text costs more than all else here.
function instantWriter(): (value: unknown) => string {
  let last: unknown;
  let text = '';
  return (value) => {
    if (value !== last) text = (value as Date).toISOString();
    last = value;
    return text;
  };
}

// Their text holds nothing that means something in an array.
const plainTypes = new Set(['uuid', 'integer', 'numeric', 'boolean', 'double precision']);

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
