const code = (character: string) => character.charCodeAt(0);
const [quote, hash, lineFeed, carriageReturn] = [code('"'), code('#'), code('\n'), code('\r')];
const [openBracket, closeBracket, openBrace, closeBrace] = [code('['), code(']'), code('{'), code('}')];

/**
 * Whether the brackets of a document are nested deeper than `levels`. Unlike the parser, it cannot run out of stack.
 * Like the parser, it skips comments, strings and block strings.
 */
export function isDocumentDeeper(levels: number, document: string): boolean {
  let depth = 0;
  for (let i = 0; i < document.length; i++) {
    const at = document.charCodeAt(i);
    if (at === openBrace || at === openBracket) {
      if (++depth > levels) return true;
    } else if (at === closeBrace || at === closeBracket) depth -= 1;
    else if (at === hash) i = endOfLine(document, i);
    else if (at === quote) i = document.startsWith('"""', i) ? endOfBlock(document, i) : endOfString(document, i);
  }
  return false;
}

function endOfLine(document: string, start: number): number {
  let end = start;
  while (end < document.length && !isLineEnd(document.charCodeAt(end))) end += 1;
  return end;
}

// A string ends with its line, even if that makes the document invalid.
function endOfString(document: string, start: number): number {
  for (let end = start + 1; end < document.length; end++) {
    const at = document.charCodeAt(end);
    if (at === quote || isLineEnd(at)) return end;
    if (document[end] === '\\') end += 1;
  }
  return document.length;
}

function endOfBlock(document: string, start: number): number {
  for (let end = document.indexOf('"""', start + 3); end !== -1; end = document.indexOf('"""', end + 3))
    if (document[end - 1] !== '\\') return end + 2;
  return document.length;
}

function isLineEnd(at: number): boolean {
  return at === lineFeed || at === carriageReturn;
}
