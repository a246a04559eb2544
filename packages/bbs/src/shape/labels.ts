import { AsobaError, isJsonObject, type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { parsePointer, type RdfProcessor, skolemize } from '@asoba/data-integrity/primitives'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

/** More would take too many draws: seven nodes take 5,040 on average. */
const maxNodes = 7

/** A blank node of a credential by what it is: the credential is the first, its subject the second. */
export interface Role {
  /** JSON pointer to the object. */
  readonly pointer: string
  /** Label that `skolemize` gives it, without `_:`. */
  readonly label: string
  /** Canonical label, without `_:`. */
  readonly canonical: string
}

/**
 * The blank nodes of a credential in the order of their fixed labels: the credential, its subject,
 * the objects in it in code unit order of their JSON pointers.
 *
 * @throws AsobaError `jsonld.*` as the processor
 */
export async function rolesOf(
  processor: RdfProcessor,
  credential: JsonObject,
): Promise<readonly Role[]> {
  const { document, nquads } = await skolemize(processor, credential)
  const { labels } = await processor.canonize(nquads)
  return objectsIn(document)
    .sort()
    .map((pointer) => {
      const id = String(at(document, pointer)['id'])
      const label = id.slice(id.lastIndexOf(':') + 1)
      return { pointer, label, canonical: labels.get(label) ?? '' }
    })
}

/**
 * Draws the HMAC key anew until the shuffled labels of a credential are the fixed ones, `b0` for
 * the first of its {@link rolesOf}, and so on. Otherwise the labels, which a derived proof shows,
 * would be one of n! marks. Takes n! draws on average, each of some microseconds.
 *
 * @returns 32 bytes
 * @throws AsobaError `jsonld.*` as the processor; `bbs.labels-not-drawn` where it has not come out in
 *   64 times as many draws as expected, which a source of randomness that works never needs
 * @throws TypeError where the credential has more than 7 objects or one with an `id`
 * @see spec/bbs-profile.md section 4
 */
export async function drawFixedLabels(
  processor: RdfProcessor,
  credential: JsonObject,
): Promise<Uint8Array> {
  return drawKey(await rolesOf(processor, credential), randomKey)
}

/** The same with keys of the caller: for tests, and not exported by the package. */
export function drawKey(roles: readonly Role[], random: () => Uint8Array): Uint8Array {
  if (roles.length > maxNodes) throw new TypeError('the credential has too many objects')
  const canonical = new Set(roles.map((role) => role.canonical))
  if (canonical.has('') || canonical.size < roles.length) {
    throw new TypeError('an object of the credential has an id')
  }
  let expected = 1
  for (let count = 2; count <= roles.length; count++) expected *= count
  for (let draw = 0; draw < 64 * expected; draw++) {
    const key = random()
    if (isFixed(roles, key)) return key
  }
  throw new AsobaError('bbs.labels-not-drawn', 'the fixed labels did not come out')
}

/**
 * Whether a key gives a credential the fixed labels. A holder asks, so that an issuer cannot mark
 * a person by them.
 *
 * @throws AsobaError `jsonld.*` as the processor
 */
export async function hasFixedLabels(
  processor: RdfProcessor,
  credential: JsonObject,
  hmacKey: Uint8Array,
): Promise<boolean> {
  const roles = await rolesOf(processor, credential)
  return roles.every(({ canonical }) => canonical !== '') && isFixed(roles, hmacKey)
}

/**
 * createShuffledIdLabelMapFunction numbers the nodes in the order of their encoded HMACs; here is
 * asked only whether that is the order of the roles, and most keys fail at the second.
 *
 * @see https://www.w3.org/TR/vc-di-bbs/#createshuffledidlabelmapfunction
 */
function isFixed(roles: readonly Role[], key: Uint8Array): boolean {
  let before = ''
  for (const { canonical } of roles) {
    const encoded = toBase64url(hmac(sha256, key, utf8(canonical)))
    if (encoded <= before) return false
    before = encoded
  }
  return true
}

function randomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32))
}

function objectsIn(value: unknown, pointer = ''): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => objectsIn(item, `${pointer}/${index}`))
  }
  if (!isJsonObject(value)) return []
  const below = Object.entries(value).flatMap(([name, member]) =>
    name === '@context'
      ? []
      : objectsIn(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
  return [pointer, ...below]
}

function at(document: JsonObject, pointer: string): JsonObject {
  let value: unknown = document
  for (const part of parsePointer(pointer)) value = Reflect.get(Object(value), part)
  return value as JsonObject
}
