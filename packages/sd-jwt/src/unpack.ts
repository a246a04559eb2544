import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  type ProblemCode,
  problem,
} from '@asoba/core'
import type { Disclosure } from './disclosure.ts'

/** A disclosure that was put in its place. */
export interface Disclosed {
  /** Where it lies in the processed claims. */
  readonly path: readonly (string | number)[]
  readonly disclosure: Disclosure
}

/** The processed payload and how it came about. */
export interface Unpacked {
  readonly claims: JsonObject
  readonly disclosed: readonly Disclosed[]
  readonly problems: readonly Problem[]
}

/**
 * Processes the disclosures and embedded digests of a payload.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7.1 step 3
 */
export function unpack(
  payload: JsonObject,
  byDigest: ReadonlyMap<string, Disclosure>,
  maxDepth: number,
): Unpacked {
  const problems = new Map<string, Problem>()
  const disclosed: Disclosed[] = []
  const seen = new Set<string>()
  const path: (string | number)[] = []
  const bad = (detail: string, code: ProblemCode = 'disclosure.malformed'): void => {
    problems.set(detail, problem(code, detail))
  }

  /** Step 3.3.1, and step 4: a digest is good for one place. */
  const find = (digest: string): Disclosure | undefined => {
    const before = seen.size
    if (seen.add(digest).size > before) return byDigest.get(digest)
    bad('a digest appears more than once', 'disclosure.duplicate')
    return undefined
  }

  const put = (part: string | number, disclosure: Disclosure): Json => {
    path.push(part)
    disclosed.push({ path: [...path], disclosure })
    path.pop()
    return below(part, disclosure.value)
  }

  const below = (part: string | number, value: Json): Json => {
    if (typeof value !== 'object' || value === null) return value
    path.push(part)
    const processed = process(value)
    path.pop()
    return processed
  }

  const process = (value: Json): Json => {
    // A value in a disclosure starts at depth 0 again, so that depth has to be counted here as well.
    if (path.length > maxDepth) {
      bad('disclosures are nested too deep')
      return null
    }
    if (Array.isArray(value)) return processArray(value as readonly Json[])
    return isJsonObject(value) ? processObject(value) : value
  }

  const processArray = (elements: readonly Json[]): Json => {
    const out: Json[] = []
    for (const element of elements) {
      // Step 3.2.2, and 4.2.4.2: a placeholder has no other member and its digest is a string.
      if (!isJsonObject(element) || !Object.hasOwn(element, '...')) {
        out.push(below(out.length, element))
        continue
      }
      const digest = element['...']
      if (typeof digest !== 'string' || Object.keys(element).length !== 1) {
        bad('an array placeholder has one member, a digest')
        continue
      }
      const disclosure = find(digest)
      // Step 3.4: what was not found is removed.
      if (disclosure === undefined) continue
      // Step 3.3.3.1.
      if (disclosure.name !== undefined) {
        bad('a disclosure of an array element has two parts')
        continue
      }
      // Steps 3.3.3.2 and 3.3.3.3.
      out.push(put(out.length, disclosure))
    }
    return out
  }

  const processObject = (object: JsonObject): JsonObject => {
    const out: Record<string, Json> = {}
    for (const name in object) {
      const value = object[name] as Json
      // Steps 3.5 and 3.6.
      if (name === '_sd') continue
      if (name === '_sd_alg') {
        if (path.length > 0) bad('_sd_alg belongs to the top level only')
        continue
      }
      if (name === '...') bad('a claim is named ...')
      else out[name] = below(name, value)
    }
    if (Object.hasOwn(object, '_sd')) {
      const digests = object['_sd']
      if (Array.isArray(digests) && digests.every((one) => typeof one === 'string')) {
        for (const digest of digests as readonly string[]) insert(out, find(digest))
      } else bad('_sd is an array of strings')
    }
    return out
  }

  const insert = (out: Record<string, Json>, disclosure: Disclosure | undefined): void => {
    if (disclosure === undefined) return
    const { name } = disclosure
    // Step 3.3.2.1; step 3.3.2.2 is made when the disclosure is read.
    if (name === undefined) bad('a disclosure of a property has three parts')
    else if (name === '_sd_alg') bad('_sd_alg may not be disclosed')
    // Step 3.3.2.3.
    else if (Object.hasOwn(out, name)) {
      bad('a disclosed name is there already', 'disclosure.name-taken')
    }
    // Steps 3.3.2.4 and 3.3.2.5.
    else out[name] = put(name, disclosure)
  }

  const claims = processObject(payload)
  return { claims, disclosed, problems: [...problems.values()] }
}
