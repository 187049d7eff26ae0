/** Text as a LIKE pattern takes it literally: in a search `%`, `_` and backslash are letters. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
