import { parse as parseScript } from 'acorn';
import { simple } from 'acorn-walk';
import { transformSync } from 'esbuild';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** A text that people read, and where it is. `name` is what a description describes. */
export type Text = { where: string; text: string; kind: 'description' | 'message' | 'prose'; name?: string };
export type Problem = { where: string; text: string; problem: string };

/** Phrases that sound translated, and what to write instead. */
const phrases: [RegExp, string][] = [
  [/\b(?:of|that|than|as|by|in|from|for|and|or|only|all) what is\b/i, 'Name the thing instead of "what is …".'],
  [/\b(?:of|that|than|as|by|from|for|and|to) who is\b/i, 'Name the person or role instead of "who is …".'],
  [/\bwhatever\b/i, 'Write "any", or name what you mean, instead of "whatever".'],
  [/\bof nobody\b/i, 'Write "does not belong to …" instead of "of nobody".'],
  [/\bas it stands\b/i, 'Write "unchanged" or "as is" instead of "as it stands".'],
  [/\bshall\b/i, 'Write "must" or the present tense instead of "shall".'],
  [/\bof (?:their|its|his|her|our) own\b(?! \w)/i, 'Write "its own …" instead of "… of its own".'],
  [/\bunless told\b/i, 'Write "by default" instead of "unless told".'],
  [/\bgoes on\b/i, 'Write "continues" instead of "goes on".'],
  [/\b(?:is|are) told\b/i, 'Write what the server returns instead of "is told".'],
  [/\bbeneath\b/i, 'Write "below" or "under" instead of "beneath".'],
  [/\banew\b/i, 'Write "again" instead of "anew".'],
  [/\blikewise\b/i, 'Write "too" or repeat the rule instead of "likewise".'],
  [/\be-mails?\b/i, 'Write "email" instead of "e-mail".'],
  [/\bbe it\b/i, 'Write "whether" instead of "be it".'],
];

const fewestWords = 4;
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}_’'`…-]+/gu) ?? [];
// "placedAt" and "The time placed at." say the same.
const emptyWords = new Set([
  'a',
  'an',
  'the',
  'its',
  'their',
  'his',
  'of',
  'this',
  'that',
  'it',
  'is',
  'in',
  'on',
  'for',
]);
const nameWords = (name: string) => wordsOf(name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/_/g, ' '));

/** What is wrong with a text, one sentence for each problem. */
export function problemsOf({ text, kind, name = '' }: Omit<Text, 'where'>): string[] {
  const found = phrases.filter(([phrase]) => phrase.test(text)).map(([, advice]) => advice);
  if (kind === 'prose') return found;
  if (/^(?:Is|Are|Has|Have) /.test(text)) found.push('Start with the subject, or with "Not" or "Must".');
  if (!/[.?!:…)`"']$/.test(text.trim())) found.push('End with a period.');
  if (kind === 'description') {
    const words = wordsOf(text);
    if (words.length < fewestWords) found.push(`Write at least ${fewestWords} words.`);
    const said = new Set(nameWords(name));
    if (words.every((word) => said.has(word) || emptyWords.has(word))) found.push('Say more than the name does.');
  }
  return found;
}

/** Problems of all these texts, with where they are. */
export function check(texts: Iterable<Text>): Problem[] {
  return [...texts].flatMap((each) => problemsOf(each).map((problem) => ({ ...each, problem })));
}

/** The descriptions of a schema; an empty text where one is missing. */
export function* descriptionsOf(schema: GraphQLSchema): Generator<Text> {
  const of = (where: string, name: string, text: string | null | undefined): Text => ({
    where,
    name,
    text: text ?? '',
    kind: 'description',
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    yield of(type.name, type.name, type.description);
    if (isEnumType(type))
      for (const each of type.getValues()) yield of(`${type.name}.${each.name}`, each.name, each.description);
    if (isInputObjectType(type))
      for (const each of Object.values(type.getFields()))
        yield of(`${type.name}.${each.name}`, each.name, each.description);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      yield of(`${type.name}.${field.name}`, field.name, field.description);
      for (const arg of field.args) yield of(`${type.name}.${field.name}(${arg.name})`, arg.name, arg.description);
    }
  }
}

/** The sentences among the texts in quotes of a TypeScript module: error messages, descriptions, output. */
export function messagesOf(path: string, source: string): Text[] {
  const { code } = transformSync(source, { loader: 'ts', target: 'es2022' });
  const texts: Text[] = [];
  const add = (text: string) => {
    if (isSentence(text)) texts.push({ where: path, text, kind: 'message' });
  };
  simple(parseScript(code, { ecmaVersion: 2022, sourceType: 'module', allowHashBang: true }), {
    Literal: ({ value }) => {
      if (typeof value === 'string') add(value);
    },
    TemplateLiteral: ({ quasis }) => add(quasis.map(({ value }) => value.cooked).join('…')),
  });
  return texts;
}

// SQL, GraphQL and lists of words are no sentences.
function isSentence(text: string): boolean {
  return /^[A-Z`…][^\n{}]*\s[^\n{}]*[.?!]$/.test(text) || /^(?:Is|Are) [a-z ]+/.test(text);
}

/** The prose of a page of Markdown: without code, tables' code and links' addresses. */
export function proseOf(path: string, markdown: string): Text[] {
  const prose = markdown
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`[^`]*`/g, '`code`')
    .replace(/\]\([^)]*\)/g, ']');
  return prose
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .map((text) => ({ where: path, text, kind: 'prose' as const }));
}
