import type { Json, JsonObject } from '@asoba/core'

/** A JSON-LD context with the address under which documents name it. */
export interface ContextDocument {
  readonly url: string
  /** The document with its `@context`. */
  readonly document: JsonObject
}

/** The hash by which RDFC-1.0 tells blank nodes apart; SHA-384 goes with the curve P-384. */
export type CanonicalHash = 'SHA-256' | 'SHA-384'

/** Canonical N-Quads of a dataset, and how its blank nodes were labelled. */
export interface CanonicalDataset {
  /** Canonical N-Quads, one statement each with its final newline, in code point order, none twice. */
  readonly nquads: readonly string[]
  /** From the label of a blank node in the input to its canonical one, both without `_:`. */
  readonly labels: ReadonlyMap<string, string>
}

/** What of a document is read, and how its beginning is known. */
export interface ReadingOptions {
  /** IRI of the type of the outermost node; the one that reaches all others when left out. */
  readonly type?: string
  /** IRIs of properties of the outermost node that are left out, with what is in their graphs. */
  readonly apart?: readonly string[]
}

/** A document as its statements make it. */
export interface Reading {
  readonly document: JsonObject
  /** Whether a property or class has no name under the contexts, and stands there by its IRI. */
  readonly unnamed: boolean
  /** How many values each property has that was left out. */
  readonly apart: readonly number[]
}

/**
 * JSON-LD to RDF, and RDF to canonical RDF: all that Data Integrity needs of
 * semantics. One implementation reads every document whose contexts it has, another
 * is compiled for few contexts and small enough for a page.
 */
export interface RdfProcessor {
  /**
   * The statements of a JSON-LD document as canonical N-Quads lines, each with its
   * final newline, in no particular order, none twice; blank nodes are `_:b0`, `_:b1`, …
   * Nothing that is in the document is left out silently.
   *
   * @throws AsobaError `jsonld.context-unknown`, `jsonld.term-unknown` or `jsonld.unsupported`,
   *   with the JSON pointer to what was not understood
   */
  toNQuads(document: JsonObject): Promise<readonly string[]>
  /**
   * RDFC-1.0 with SHA-256, or with the hash given.
   *
   * @throws AsobaError `jsonld.too-complex` where the blank nodes would take too much work to tell apart
   * @throws AsobaError `jsonld.unsupported` where a line is no N-Quad
   * @see https://www.w3.org/TR/rdf-canon/
   */
  canonize(nquads: readonly string[], hash?: CanonicalHash): Promise<CanonicalDataset>
  /**
   * The document that statements make under these contexts: what a verifier may read of a document
   * whose proof is over statements. It does not depend on how the document was written.
   *
   * @param nquads of {@link RdfProcessor.toNQuads}
   * @param contexts the `@context` of the document
   * @throws AsobaError `jsonld.unsupported` where the statements are no tree with one root;
   * `jsonld.too-complex`; `jsonld.context-unknown`
   * @see docs/decisions/0023-read-from-statements.md
   */
  read(nquads: readonly string[], contexts: Json, options?: ReadingOptions): Promise<Reading>
  /**
   * The same document with a name for every blank node: `nameOf` gives the URL for a label of the
   * document, or for none. Only needed where naming every object without an `id` by an `id`
   * does not do, e.g. where `id` is not what a context calls `@id`.
   *
   * @throws AsobaError as {@link RdfProcessor.toNQuads}
   */
  skolemize?(document: JsonObject, nameOf: (label?: string) => string): Promise<JsonObject>
}
