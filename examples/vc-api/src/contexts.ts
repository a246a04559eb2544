import {
  checkRelatedResource,
  isJsonObject,
  type JsonObject,
  type Problem,
  problemsUnder,
  utf8,
} from '@asoba/core'
import { listOf } from '@asoba/core/judge'
import { bundledContexts, type ContextDocument } from '@asoba/data-integrity'

/** The context of examples in the standard: every word that is no other term. */
export const examplesContext: ContextDocument = {
  url: 'https://www.w3.org/ns/credentials/examples/v2',
  document: { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
}

/**
 * Contexts out of a file: one object, URL → document.
 *
 * @throws TypeError where it is something else
 */
export function contextsOf(value: unknown): readonly ContextDocument[] {
  if (!isJsonObject(value)) throw new TypeError('contexts are one object of URL and document')
  return Object.entries(value).map(([url, document]) => {
    if (!isJsonObject(document)) throw new TypeError('a context is an object')
    return { url, document }
  })
}

const known = new Map(bundledContexts.map(({ url, text }) => [url, text]))

/**
 * Digests of related resources that are here, which is what comes with our packages. Nothing is
 * fetched, so the others are as good as their form.
 */
export async function relatedProblems(credential: JsonObject): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  for (const [index, resource] of listOf(credential['relatedResource']).entries()) {
    if (!isJsonObject(resource)) continue
    const text = known.get(String(resource['id']))
    if (text === undefined) continue
    const found = await checkRelatedResource(resource, utf8(text))
    problems.push(...problemsUnder(`/relatedResource/${index}`, found))
  }
  return problems
}
