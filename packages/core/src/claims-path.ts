import type { ClaimsPath } from './credential-type.ts'
import { isJsonObject, type Json } from './json.ts'

/** A value selected by a claims path: where it lies exactly, without wildcards. */
export interface ResolvedClaim {
  readonly path: readonly (string | number)[]
  readonly value: Json
}

/**
 * The values that a claims path selects, each with its exact path; empty where it
 * selects nothing or expects an object or array where there is none.
 *
 * With `indexes: 'shifted'` an index stands for every element up to it: elements
 * that were withheld are gone from a disclosed array, and what follows moves left.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-7.1
 */
export function resolvePath(
  claims: Json,
  path: ClaimsPath,
  options: { readonly indexes?: 'exact' | 'shifted' } = {},
): readonly ResolvedClaim[] {
  // 1. Select the root element.
  let selected: readonly ResolvedClaim[] = [{ path: [], value: claims }]
  // 2. Process the path from left to right.
  for (const part of path) {
    const next: ResolvedClaim[] = []
    for (const { path: above, value } of selected) {
      const take = (key: string | number, below: Json): unknown =>
        next.push({ path: [...above, key], value: below })
      if (typeof part === 'string') {
        // 2.1 A name: anything but an object ends it; an absent name leaves the selection.
        if (!isJsonObject(value)) return []
        if (Object.hasOwn(value, part)) take(part, value[part] as Json)
      } else {
        // 2.2 `null`: every element. 2.3 An index: that element. Anything but an array ends it.
        if (!Array.isArray(value)) return []
        const from = part === null || options.indexes === 'shifted' ? 0 : part
        const to = part === null ? value.length : Math.min(part + 1, value.length)
        for (let at = from; at < to; at++) take(at, value[at] as Json)
      }
    }
    // 3. An empty selection ends it.
    if (next.length === 0) return []
    selected = next
  }
  return selected
}
