/**
 * Estimates how many tokens a text has at most, without a tokenizer. Prose in English, Polish and Ukrainian has at least
 * 2.5 characters a token. Digits, punctuation and IDs have fewer. Other scripts have at most a token for each byte.
 */
export function tokensIn(text: string): number {
  let tokens = 0;
  let isWordWithDigits = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? (kinds[code] ?? 0) : 0;
    if (kind === digit) isWordWithDigits = true;
    else if (kind !== letter) isWordWithDigits = false;
    tokens += code < 128 ? (isWordWithDigits ? weights.id : (weightOf[kind] ?? 1)) : weightBeyondAscii(code);
  }
  return tokens;
}

// Measured with o200k on replies; a test compares the estimate with the tokenizer.
const weights = { text: 0.4, punctuation: 0.5, id: 0.75 };
const [punctuation, digit, letter, space] = [0, 1, 2, 3];
const weightOf = [weights.punctuation, weights.id, weights.text, weights.text];

const kinds = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return digit;
  if (/[A-Za-z_]/.test(character)) return letter;
  return character === ' ' ? space : punctuation;
});

function weightBeyondAscii(code: number): number {
  if (code < 0x0180 || (code >= 0x0400 && code < 0x0500)) return weights.text;
  if (code < 0x0800) return 2;
  // Each half of a surrogate pair stands for two of four bytes.
  return code >= 0xd800 && code < 0xe000 ? 2 : 3;
}
