/** Message for an identifier that a spreadsheet has rounded. */
export const damaged =
  'A spreadsheet rounded this identifier to scientific notation. Format its column as text and export the file again.';

// Spreadsheets write long numbers like this, with a point or a comma: 1.23457E+12.
const scientific = /^\s*\d+([.,]\d+)?e\+\d+\s*$/i;

export function isDamaged(value: unknown): boolean {
  return typeof value === 'string' && scientific.test(value);
}
