// Zero-width characters, bidirectional marks, soft hyphens, variation selectors, and control characters other than
// white space. They come along when people copy text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const invisible = /[\p{Default_Ignorable_Code_Point}\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufff9-\ufffb]/gu;

/** The text without characters that nobody sees. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** Whether a text shows nothing: it has only white space, invisible characters and blank Braille patterns. */
export function isBlank(text: string): boolean {
  return !/[!-~]/.test(text) && withoutInvisible(text).replaceAll('\u2800', '').trim() === '';
}

/** Whether a text has only printable ASCII characters. Such a text needs no Unicode rules. */
export function isPlainAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
