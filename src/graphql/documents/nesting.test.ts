import fc from 'fast-check';
import { Lexer, Source, TokenKind } from 'graphql';
import { expect, it } from 'vitest';
import { isDocumentDeeper } from './nesting.ts';

it.each([
  ['a quote in a comment', '# "\n{{{{', true],
  ['a quote in a comment that ends with CR', '# "\r{{{{', true],
  ['a block quote in a comment', '# """\n{{{{', true],
  ['brackets in a comment', '# {{{{[[[[\n{', false],
  ['brackets in a string', '{ a(b: "{{{{") }', false],
  ['an escaped quote', '{ a(b: "\\"{{{{") }', false],
  ['an escaped backslash', '"\\\\"{{{{', true],
  ['an empty string', '""{{{{', true],
  ['a hash in a string', '"#"{{{{', true],
  ['brackets in a block string', '"""{{{{"""', false],
  ['quotes in a block string', '"""a " "" {{{{"""', false],
  ['an escaped block quote', '"""\\"""{{{{"""', false],
  ['a block string that ends', '"""\\""" # """{{{{', true],
  ['an empty block string', '""""""{{{{', true],
  ['an unterminated string', '"a\n{{{{', true],
  ['lists', '[[[[', true],
  ['brackets side by side', '{}{}[]{}{{{}}}', false],
  ['a hundred thousand levels', '{'.repeat(100_000), true],
])('counts brackets like the parser: %s', (_what, document, isDeep) => {
  expect(isDocumentDeeper(3, document)).toBe(isDeep);
});

it('finds the same depth as the parser', () => {
  const pieces = ['{', '}', '[', ']', '"', '""', '"""', '\\', '\\"', '\\"""', '#', '\n', '\r', 'a', ' '];
  const document = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(document, fc.nat({ max: 4 }), (text, levels) => {
      const { deepest, isWhole } = levelsRead(text);
      const isDeeper = isDocumentDeeper(levels, text);
      // The parser may stop early and then does not read the rest.
      if (isWhole) expect(isDeeper).toBe(deepest > levels);
      else if (deepest > levels) expect(isDeeper).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

function levelsRead(text: string): { deepest: number; isWhole: boolean } {
  const lexer = new Lexer(new Source(text));
  let [depth, deepest] = [0, 0];
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      if (token.kind === TokenKind.BRACE_L || token.kind === TokenKind.BRACKET_L) depth += 1;
      if (token.kind === TokenKind.BRACE_R || token.kind === TokenKind.BRACKET_R) depth -= 1;
      deepest = Math.max(deepest, depth);
    }
    return { deepest, isWhole: true };
  } catch {
    return { deepest, isWhole: false };
  }
}
