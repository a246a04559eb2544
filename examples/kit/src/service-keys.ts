import type { Jwk, PrivateJwk } from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import { createKey } from '@asoba/did'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A signing key of the service. */
export interface ServiceKey {
  /** Fragment of its DID URL: `key-1`, `key-2`, … */
  readonly id: string
  readonly publicJwk: Jwk
  readonly privateJwk: PrivateJwk
  /** From when on it signs; it is published before. */
  readonly activeFrom: Date
}

/** The keys that all replicas sign with. */
export interface ServiceKeys {
  /** Those to publish: the one that signs, one that is to come, and those of before. */
  all(): Promise<readonly ServiceKey[]>
  /** The one that signs now. */
  current(): Promise<ServiceKey>
  /**
   * Makes the next key. It is published at once and signs after `delay` seconds, when every
   * cache has heard of it.
   */
  rotate(delay: number): Promise<ServiceKey>
}

const purpose = 'asoba/service-key/v1'
const expires = new Date('9999-12-31T00:00:00Z')

/** Keys in the database, sealed: who has the database without the seal's key cannot sign. */
export function serviceKeys(
  database: Database,
  seal: Seal,
  options: { readonly now?: () => Date; readonly maxAge?: number } = {},
): ServiceKeys {
  const { now = () => new Date(), maxAge = 15_000 } = options
  let cached: { readonly keys: readonly ServiceKey[]; readonly at: number } | undefined

  const load = async (): Promise<readonly ServiceKey[]> => {
    const rows = await database
      .selectFrom('service_keys')
      .selectAll()
      .orderBy('active_from')
      .execute()
    return Promise.all(
      rows.map(async ({ id, public_jwk: publicJwk, sealed, active_from: activeFrom }) => ({
        id,
        publicJwk: JSON.parse(publicJwk) as Jwk,
        privateJwk: (await seal.unseal(sealed, { now: now(), purpose })) as unknown as PrivateJwk,
        activeFrom,
      })),
    )
  }
  const add = async (number: number, activeFrom: Date): Promise<void> => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const sealed = await seal.seal(privateJwk as never, { expires, purpose })
    // Replicas that do this at the same moment: the first one's key is everybody's.
    await sql`insert into service_keys (id, public_jwk, sealed, active_from)
      values (${`key-${number}`}, ${JSON.stringify(publicJwk)}, ${sealed}, ${activeFrom})
      on conflict (id) do nothing`.execute(database)
    cached = undefined
  }
  const all = async (): Promise<readonly ServiceKey[]> => {
    const at = now().getTime()
    if (cached !== undefined && at - cached.at < maxAge) return cached.keys
    let keys = await load()
    if (keys.length === 0) {
      await add(1, new Date(at))
      keys = await load()
    }
    cached = { keys, at }
    return keys
  }
  return {
    all,
    current: async () => {
      const keys = await all()
      const at = now().getTime()
      const [first] = keys
      const found = keys.findLast(({ activeFrom }) => activeFrom.getTime() <= at) ?? first
      if (found === undefined) throw new Error('there is no key')
      return found
    },
    rotate: async (delay) => {
      const number = (await load()).length + 1
      await add(number, new Date(now().getTime() + delay * 1000))
      const made = (await load()).find(({ id }) => id === `key-${number}`)
      if (made === undefined) throw new Error('the key was not kept')
      return made
    },
  }
}

/** The DID document that publishes the keys, as `JsonWebKey2020`: the type that all wallets read (decision 31). */
export function didDocument(did: string, keys: readonly ServiceKey[]): Record<string, unknown> {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: keys.map(({ id, publicJwk }) => ({
      id: `${did}#${id}`,
      type: 'JsonWebKey2020',
      controller: did,
      publicKeyJwk: publicJwk,
    })),
    assertionMethod: keys.map(({ id }) => `${did}#${id}`),
    authentication: keys.map(({ id }) => `${did}#${id}`),
  }
}

/** The did:web of an origin. */
export function didWebOf(origin: string): string {
  return `did:web:${new URL(origin).host.replace(':', '%3A')}`
}
