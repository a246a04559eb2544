import {
  type AcceptedContexts,
  baseContext,
  isJsonObject,
  type Json,
  type Problem,
  problem,
} from '@asoba/core'
import type { ReadableProof } from './reading/open.ts'

/**
 * What is wrong with the contexts of a document over statements, which hold none of them: by another
 * context that the verifier knows, claims could be called by each other's names.
 *
 * @see https://www.w3.org/TR/vc-data-integrity/#validating-contexts
 */
export function contextRuleProblems(
  accepted: AcceptedContexts | undefined,
  contexts: readonly Json[],
  { unnamed }: Pick<ReadableProof, 'unnamed'>,
): readonly Problem[] {
  // Without a list: what the data model itself names, and nothing else.
  const lists = accepted === undefined ? [[baseContext]] : listsOf(accepted)
  if (lists !== 'any' && !lists.some((list) => sameList(list, contexts))) {
    const detail =
      accepted === undefined
        ? 'the policy does not say under which contexts this type is written (`contexts` of the type)'
        : 'the contexts are not those under which this type is written, in their order'
    return [mismatch(detail)]
  }
  // Where it is not said which contexts there must be, some could have been left out.
  if (!unnamed || (accepted !== undefined && accepted !== 'any')) return []
  return [mismatch('a property or type has no name under the contexts of the document')]
}

function mismatch(detail: string): Problem {
  return problem('credential.context-mismatch', detail, '/@context')
}

function listsOf(accepted: AcceptedContexts): 'any' | readonly (readonly string[])[] {
  if (accepted === 'any') return 'any'
  const [first] = accepted
  return typeof first === 'string'
    ? [accepted as readonly string[]]
    : (accepted as readonly (readonly string[])[])
}

function sameList(list: readonly string[], contexts: readonly Json[]): boolean {
  return list.length === contexts.length && contexts.every((url, at) => url === list[at])
}

/** Contexts must be URLs, wherever they stand. */
export function contextProblems(document: unknown): readonly Problem[] {
  if (onlyUrls(document as Json)) return []
  const detail = 'a context must be named by its URL, not stand in the document'
  return [problem('credential.malformed', detail, '/@context')]
}

function onlyUrls(value: Json): boolean {
  if (Array.isArray(value)) return value.every(onlyUrls)
  if (!isJsonObject(value)) return true
  return Object.entries(value).every(([name, member]) =>
    name === '@context'
      ? [member].flat().every((one) => typeof one === 'string')
      : onlyUrls(member),
  )
}
