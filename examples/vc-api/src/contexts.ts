import { isJsonObject, type JsonObject, type Problem, utf8 } from '@asoba/core'
import { checkResources } from '@asoba/credentials/resources'
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
 * Digests of related resources and schemas that are here, which is what comes with our packages.
 * Nothing is fetched, so the others are as good as their form.
 */
export async function relatedProblems(credential: JsonObject): Promise<readonly Problem[]> {
  return checkResources(credential, {
    load: async (url) => {
      const text = known.get(url)
      return text === undefined ? undefined : utf8(text)
    },
    unavailable: 'accepted',
  })
}
