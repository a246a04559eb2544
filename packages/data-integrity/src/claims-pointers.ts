import {
  type ClaimAt,
  type ClaimsPath,
  isJsonObject,
  type Json,
  type JsonObject,
  resolvePath,
} from '@asoba/core'
import { toPointer } from './select.ts'

const alwaysShown = new Set(['@context', '@id', '@type', 'id', 'type'])

/**
 * The claims of a credential that a suite with selective disclosure can withhold, each with its
 * path from the root: everything but contexts, identifiers and types, down to whatever is no
 * object. An array is one claim.
 *
 * @param mandatory JSON pointers to what the issuer always shows
 */
export function withholdable(
  credential: JsonObject,
  mandatory: readonly string[],
): readonly ClaimAt[] {
  const found: ClaimAt[] = []
  const walk = (value: Json, path: readonly (string | number)[]): void => {
    const pointer = toPointer(path)
    if (mandatory.some((one) => pointer === one || pointer.startsWith(`${one}/`))) return
    if (!isJsonObject(value)) found.push({ path, value })
    else {
      for (const [name, member] of Object.entries(value)) {
        if (!alwaysShown.has(name)) walk(member, [...path, name])
      }
    }
  }
  walk(credential, [])
  return found
}

/**
 * JSON pointers to the claims that paths lead to. Of an object only that it is there is shown, by
 * its type or identifier: what lies in it has paths of its own.
 */
export function pointersOf(
  credential: JsonObject,
  disclose: readonly ClaimsPath[],
): readonly string[] {
  return disclose.flatMap((wanted) =>
    resolvePath(credential, wanted).flatMap(({ path, value }) => {
      if (!isJsonObject(value)) return toPointer(path)
      const shown = ['type', 'id'].find((name) => Object.hasOwn(value, name))
      return shown === undefined ? [] : toPointer([...path, shown])
    }),
  )
}
