import { isJsonObject, type JsonObject } from './json.ts'
import { isTermOrUrl, isUrl, type Report } from './structure.ts'

/** The base context of the VC data model 2.0, always the first. */
export const baseContext = 'https://www.w3.org/ns/credentials/v2'

const maxDepth = 8

/**
 * Reports a `@context` that is no ordered set of URLs and context objects beginning
 * with the base context. Whether a term is redefined or undefined is for JSON-LD
 * processing to say.
 */
export function checkContext(value: JsonObject, base: string, report: Report): void {
  const contexts = value['@context']
  if (!Array.isArray(contexts)) {
    report('/@context', '@context is required and must be an ordered set')
    return
  }
  if (contexts[0] !== base) {
    report('/@context/0', 'the first context must be the base context of the data model')
  }
  contexts.forEach((context: unknown, index) => {
    if (context === base) return
    const at = `/@context/${index}`
    if (isJsonObject(context)) {
      if (!isContextObject(context, maxDepth)) {
        report(at, 'the context object is not a JSON-LD context')
      }
    } else if (!isUrl(context)) report(at, 'a context must be a URL or an object')
  })
}

function isContextObject(context: JsonObject, depth: number): boolean {
  return (
    depth > 0 &&
    Object.entries(context).every(([name, definition]) => {
      // JSON-LD 1.1 knows no such entry, and its processors take it off: so do the W3C's own inputs.
      if (name === '@context' && isJsonObject(definition)) {
        return isContextObject(definition, depth - 1)
      }
      if (name.startsWith('@')) return !isJsonObject(definition) || name === '@propagate'
      if (definition === null) return true
      if (!isJsonObject(definition)) return isTermOrUrl(definition)
      const { '@id': id = null, '@context': scoped } = definition
      if (id !== null && !isTermOrUrl(id)) return false
      return [scoped]
        .flat()
        .every((inner) => !isJsonObject(inner) || isContextObject(inner, depth - 1))
    })
  )
}
