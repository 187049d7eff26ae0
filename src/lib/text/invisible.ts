// Zero-width characters, bidirectional marks, soft hyphens, variation selectors, and control characters other than
// white space. People copy them along with a text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression matches control characters
const invisible = /[\p{Default_Ignorable_Code_Point}\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufff9-\ufffb]/gu;

/** Removes the invisible characters of a text. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** Whether a text has only white space, invisible characters and blank Braille patterns. */
export function isBlank(text: string): boolean {
  return !/[!-~]/.test(text) && withoutInvisible(text).replaceAll('\u2800', '').trim() === '';
}

/** Whether a text has only printable ASCII characters. Such a text needs no Unicode rules. */
export function isPlainAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
