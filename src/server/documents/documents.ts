import { type DocumentNode, type GraphQLError, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { documentWithin } from '../../graphql/cost/limits.ts';
import { bytesOf } from '../../graphql/documents/document-size.ts';
import { isDocumentDeeper } from '../../graphql/documents/nesting.ts';
import { DomainError } from '../../lib/errors.ts';
import { maxJsonLevels } from '../../lib/json/json.ts';
import type { Limits } from '../../lib/limits.ts';
import { cacheBytes } from '../../lib/process/cache-bytes.ts';
import { RequestError } from '../request-error.ts';

// graphql-js searches the whole document for the line of each error.
const maxErrors = 20;

/** Parses and validates each document once. Recently sent documents are cached by their text, if they are valid. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #limits: Limits;
  readonly #valid = new LRUCache<string, DocumentNode>({
    maxSize: cacheBytes.documents,
    sizeCalculation: (document, text) => 2 * text.length + bytesOf(document),
  });

  constructor(schema: GraphQLSchema, limits: Limits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  /** Returns a valid document. Throws a `RequestError` if it is invalid, and QUERY_TOO_COMPLEX if it exceeds a limit. */
  get(text: string): DocumentNode {
    const known = this.#valid.get(text);
    if (known) return known;
    checkText(text, this.#limits.characters);
    const document = this.#parse(text);
    const errors = validate(this.#schema, document, specifiedRules, { maxErrors });
    if (errors.length > 0) throw invalidDocument(errors.filter(isFirstOfDirectives));
    this.#valid.set(text, document);
    return document;
  }

  #parse(text: string): DocumentNode {
    try {
      return documentWithin(this.#limits, text);
    } catch (error) {
      throw invalidDocument([error]);
    }
  }
}

function invalidDocument(errors: unknown[]): RequestError {
  return new RequestError(errors, { strictStatus: 400 });
}

// The parser and the checks of its result recurse, so a deep document would run out of stack.
function checkText(text: string, maxLength: number): void {
  const refusal = (most: string) => new DomainError('QUERY_TOO_COMPLEX', `A document can have at most ${most}.`);
  if (text.length > maxLength) throw refusal(`${maxLength} characters`);
  if (isDocumentDeeper(maxJsonLevels, text)) throw refusal(`${maxJsonLevels} levels of nesting`);
}

// A document may have thousands of unknown directives. Only the first is reported.
function isFirstOfDirectives(error: GraphQLError, i: number, all: readonly GraphQLError[]): boolean {
  const isOfOne = ({ message }: GraphQLError) => message.startsWith('Unknown directive ');
  return !isOfOne(error) || all.findIndex(isOfOne) === i;
}
