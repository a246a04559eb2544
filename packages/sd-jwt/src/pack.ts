import { type ClaimsPath, isJsonObject, type Json, type JsonObject, toBase64url } from '@asoba/core'
import { hashText } from '#hash'
import { encodeDisclosure, isReserved } from './disclosure.ts'
import type { HashName } from './hash-algorithm.ts'

/** A payload with digests, and the disclosures that belong to them. */
export interface Packed {
  readonly payload: JsonObject
  readonly disclosures: readonly string[]
}

/** What is disclosed at and below a place, as a tree of the paths. */
interface Place {
  disclosed: boolean
  below?: Map<string | number | null, Place>
}

const nowhere: readonly Place[] = []

/**
 * Puts digests in the place of what is to be disclosed selectively, from the inside out, so that
 * a disclosure holds the digests of what is disclosed below it (4.2.6).
 *
 * @throws TypeError where a claim has a reserved name
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-4.2
 */
export function pack(
  claims: JsonObject,
  paths: readonly ClaimsPath[],
  options: { readonly hash: HashName; readonly decoys: number },
): Packed {
  const { hash, decoys } = options
  const disclosures: string[] = []
  const salt = saltSource()

  const disclose = (name: string | undefined, value: Json): string => {
    const encoded = encodeDisclosure(salt(), name, value)
    disclosures.push(encoded)
    return hashText(hash, encoded)
  }
  // 4.2.5: the digest of a random number looks like any other.
  const decoy = (): string => hashText(hash, salt())

  const packed = (value: Json, places: readonly Place[]): Json => {
    if (Array.isArray(value)) return packedArray(value as readonly Json[], places)
    if (isJsonObject(value)) return packedObject(value, places)
    return value
  }

  const packedArray = (elements: readonly Json[], places: readonly Place[]): Json => {
    let hidden = false
    const out = elements.map((element, at): Json => {
      const here = placesAt(placesAt(nowhere, places, at), places, null)
      const inside = packed(element, here)
      if (!here.some(isDisclosed)) return inside
      hidden = true
      return { '...': disclose(undefined, inside) }
    })
    if (hidden) {
      for (let count = 0; count < decoys; count++) {
        out.splice(below(out.length + 1), 0, { '...': decoy() })
      }
    }
    return out
  }

  const packedObject = (object: JsonObject, places: readonly Place[]): JsonObject => {
    const out: Record<string, Json> = {}
    const digests: string[] = []
    for (const name of Object.keys(object)) {
      if (isReserved(name) || name === '_sd_alg' || name === '__proto__') {
        throw new TypeError('a claim may not be named _sd, _sd_alg, ... or __proto__')
      }
      const here = placesAt(nowhere, places, name)
      const inside = packed(object[name] as Json, here)
      if (here.some(isDisclosed)) digests.push(disclose(name, inside))
      else out[name] = inside
    }
    if (digests.length > 0) {
      for (let count = 0; count < decoys; count++) digests.push(decoy())
      // 4.2.4.1: sorted, so that nothing of the order of the claims is left.
      out['_sd'] = digests.sort()
    }
    return out
  }

  const payload = packedObject(claims, [tree(paths)])
  // What was not hidden needs no algorithm to find it.
  return {
    payload: disclosures.length > 0 ? { ...payload, _sd_alg: hash } : payload,
    disclosures,
  }
}

function isDisclosed({ disclosed }: Place): boolean {
  return disclosed
}

/** The places found so far, and those one part further down; the usual answer is nowhere. */
function placesAt(
  found: readonly Place[],
  places: readonly Place[],
  part: string | number | null,
): readonly Place[] {
  let all = found
  for (const { below } of places) {
    const place = below?.get(part)
    if (place !== undefined) all = [...all, place]
  }
  return all
}

function tree(paths: readonly ClaimsPath[]): Place {
  const root: Place = { disclosed: false }
  for (const path of paths) {
    let place = root
    for (const part of path) {
      place.below ??= new Map()
      let next = place.below.get(part)
      if (next === undefined) {
        next = { disclosed: false }
        place.below.set(part, next)
      }
      place = next
    }
    place.disclosed = true
  }
  if (root.disclosed) throw new TypeError('a path to disclose has at least one part')
  return root
}

/**
 * Salts of 22 characters of 6 random bits each. Random bytes are drawn and encoded for 16 salts at a
 * time, as every call has its price; what is left over is dropped with the source.
 */
function saltSource(): () => string {
  let pool = ''
  let at = 0
  return () => {
    if (at === pool.length) {
      pool = toBase64url(crypto.getRandomValues(new Uint8Array((16 * 22 * 6) / 8)))
      at = 0
    }
    at += 22
    return pool.slice(at - 22, at)
  }
}

/** A uniform random integer below a bound. */
function below(bound: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return random < Math.floor(2 ** 32 / bound) * bound ? random % bound : below(bound)
}
