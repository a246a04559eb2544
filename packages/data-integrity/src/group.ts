import { AsobaError, concatBytes, digest, type JsonObject, utf8 } from '@asoba/core'
import { inCodePointOrder } from './compiled/canonize.ts'
import type { LabelMapFactory } from './label-maps.ts'
import type { RdfProcessor } from './rdf-processor.ts'
import { selectJsonLd } from './select.ts'
import { skolemize, toDeskolemizedNQuads } from './skolemize.ts'
import { withTerms } from './statement.ts'

/** The statements that one selection of a document has, and has not. */
export interface StatementGroup {
  /** By index into {@link GroupedStatements.nquads}, ascending. */
  readonly matching: ReadonlyMap<number, string>
  /** All others, by index, ascending. */
  readonly nonMatching: ReadonlyMap<number, string>
  /** The statements of the selection with the labels of the input, for {@link verifierLabels}. */
  readonly deskolemized: readonly string[]
}

/** A document as canonical statements with new labels, and which of them each selection has. */
export interface GroupedStatements<Name extends string = string> {
  /** Canonical statements with the new labels, sorted, each with its final newline. */
  readonly nquads: readonly string[]
  /** From labels of the input to the new labels, without `_:`. */
  readonly labels: ReadonlyMap<string, string>
  readonly groups: Readonly<Record<Name, StatementGroup>>
}

/**
 * Canonicalises a document under new labels and sorts its statements into groups, each given by
 * JSON pointers into the document (as it is, without `proof`).
 *
 * @throws AsobaError `jsonld.*` as the processor; `disclosure.pointer-unknown`
 * @see https://www.w3.org/TR/vc-di-ecdsa/#canonicalizeandgroup
 */
export async function canonicalizeAndGroup<Name extends string>(
  processor: RdfProcessor,
  document: JsonObject,
  options: {
    readonly labels: LabelMapFactory
    readonly groups: Readonly<Record<Name, readonly string[]>>
  },
): Promise<GroupedStatements<Name>> {
  // Steps 1 and 2.
  const skolemized = await skolemize(processor, document)
  // Step 3.
  const { nquads, labels } = await relabel(processor, skolemized.nquads, options.labels)
  const groups: Partial<Record<Name, StatementGroup>> = {}
  for (const [name, pointers] of Object.entries(options.groups) as [Name, readonly string[]][]) {
    // Steps 4 and 5.
    const selection = selectJsonLd(skolemized.document, pointers)
    const deskolemized =
      selection === undefined ? [] : await toDeskolemizedNQuads(processor, selection)
    // Step 6.
    const selected = new Set(deskolemized.map((line) => withLabels(line, labels)))
    const matching = new Map<number, string>()
    const nonMatching = new Map<number, string>()
    for (const [index, line] of nquads.entries()) {
      if (selected.has(line)) matching.set(index, line)
      else nonMatching.set(index, line)
    }
    // A part of a document whose statements the whole has not (e.g. by a scoped context that the
    // part lost) could never be verified.
    if (matching.size !== selected.size) {
      throw new AsobaError(
        'jsonld.unsupported',
        'a part of the document says what the whole does not',
      )
    }
    groups[name] = { matching, nonMatching, deskolemized }
  }
  return { nquads, labels, groups: groups as Record<Name, StatementGroup> }
}

/**
 * The statements of a document, canonical but for their labels; sorted.
 *
 * @throws AsobaError `jsonld.*` as the processor, and whatever the label map throws
 * @see https://www.w3.org/TR/vc-di-ecdsa/#labelreplacementcanonicalizejsonld
 */
export async function canonicalizeWithLabels(
  processor: RdfProcessor,
  document: JsonObject,
  labels: LabelMapFactory,
): Promise<readonly string[]> {
  return labelStatements(processor, await processor.toNQuads(document), labels)
}

/** The same of statements that a processor gave. */
export async function labelStatements(
  processor: RdfProcessor,
  nquads: readonly string[],
  labels: LabelMapFactory,
): Promise<readonly string[]> {
  return (await relabel(processor, nquads, labels)).nquads
}

/**
 * What a verifier must replace the canonical labels of a selection by, to get the labels that were
 * signed: from canonical labels (`c14n0`) of the selection to those of the whole.
 *
 * @param labels of {@link canonicalizeAndGroup}
 * @see https://www.w3.org/TR/vc-di-ecdsa/#createdisclosuredata steps 12 to 14
 */
export async function verifierLabels(
  processor: RdfProcessor,
  group: StatementGroup,
  labels: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const canonical = await processor.canonize(group.deskolemized)
  return new Map(
    [...canonical.labels].map(([input, verifier]) => [verifier, labels.get(input) as string]),
  )
}

/** SHA-256 over all statements, one after the other. @see https://www.w3.org/TR/vc-di-ecdsa/#hashmandatorynquads */
export async function hashMandatory(nquads: Iterable<string>): Promise<Uint8Array> {
  return digest('SHA-256', concatBytes(...Array.from(nquads, utf8)))
}

async function relabel(
  processor: RdfProcessor,
  nquads: readonly string[],
  factory: LabelMapFactory,
): Promise<{
  readonly nquads: readonly string[]
  readonly labels: ReadonlyMap<string, string>
}> {
  const canonical = await processor.canonize(nquads)
  const labels = await factory(canonical.labels)
  const relabelled = new Map([...canonical.labels].map(([input, to]) => [to, labels.get(input)]))
  const lines = canonical.nquads.map((line) => withLabels(line, relabelled))
  return { nquads: inCodePointOrder(lines), labels }
}

function withLabels(line: string, labels: ReadonlyMap<string, string | undefined>): string {
  return withTerms(line, (term) => {
    if (!term.startsWith('_:')) return term
    const label = labels.get(term.slice(2))
    if (label === undefined) throw new AsobaError('jsonld.unsupported', 'a node has no label')
    return `_:${label}`
  })
}
