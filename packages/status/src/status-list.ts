import { AsobaError, type StatusReference } from '@asoba/core'
import type { StatusAllocator } from './allocator.ts'

/** A signed list, ready to be served to everybody as it is. */
export interface PublishedStatusList {
  readonly uri: string
  /** The signed list, text. */
  readonly body: string
  readonly mediaType: string
  /** Headers of the answer: content type, how long it may be cached, and that every page may read it. */
  readonly headers: Readonly<Record<string, string>>
  /** When the next list must be there at the latest. */
  readonly expires: Date
}

/** A status list in the hands of its issuer. It knows entries, never whose they are. */
export interface StatusList {
  readonly kind: StatusReference['kind']
  /** Where it is published. */
  readonly uri: string
  /**
   * That many unused entries, chosen at random, one for each copy of a credential.
   *
   * @throws AsobaError `status.list-full`
   */
  allocate(count: number): Promise<readonly StatusReference[]>
  /**
   * For good. All together in one step; a list published between two steps would show which
   * entries belong together.
   *
   * @throws AsobaError `status.entry-unknown` where one is not of this list
   */
  revoke(references: StatusReference | readonly StatusReference[]): Promise<void>
  /**
   * For a time. Revoked entries stay revoked.
   *
   * @throws AsobaError `status.entry-unknown`
   * @throws TypeError where the list cannot say it
   */
  suspend(references: StatusReference | readonly StatusReference[]): Promise<void>
  /**
   * Ends a suspension.
   *
   * @throws AsobaError `status.entry-unknown`, `status.revoked-for-good`
   * @throws TypeError where the list cannot say it
   */
  reinstate(references: StatusReference | readonly StatusReference[]): Promise<void>
  /** Signs the list as it is now. Do it once per `ttl`, not for every request. */
  publish(options: { readonly now: Date }): Promise<PublishedStatusList>
}

/** Which value says what; absent where the list cannot say it. */
export interface StatusValues {
  readonly revoked?: number
  readonly suspended?: number
}

/** What both kinds of list do alike with their entries. */
export function entryChanges(
  list: Pick<StatusList, 'kind' | 'uri'>,
  allocator: StatusAllocator,
  { revoked, suspended }: StatusValues,
): Pick<StatusList, 'revoke' | 'suspend' | 'reinstate'> {
  async function change(
    references: StatusReference | readonly StatusReference[],
    needed: number | undefined,
    next: (value: number) => number,
  ): Promise<void> {
    if (needed === undefined) throw new TypeError('the status list has no value for this')
    const all = 'kind' in references ? [references] : references
    if (all.some(({ kind, uri }) => kind !== list.kind || uri !== list.uri)) {
      throw new AsobaError('status.entry-unknown', 'the status entry is of another list')
    }
    await allocator.update(
      all.map(({ index }) => index),
      next,
    )
  }
  return {
    revoke: (references) => change(references, revoked, () => revoked as number),
    suspend: (references) =>
      change(references, suspended, (value) => (value === 0 ? (suspended as number) : value)),
    reinstate: (references) =>
      change(references, suspended, (value) => {
        if (value !== 0 && value !== suspended) {
          throw new AsobaError('status.revoked-for-good', 'a revoked credential stays revoked')
        }
        return 0
      }),
  }
}

/** How long a list holds. */
export interface StatusListTimes {
  /** Seconds after which a verifier should fetch a fresh list: how soon a revocation is seen. */
  readonly ttl: number
  /** Seconds after which the list expires: how long a verifier offline may rely on it. */
  readonly lifetime: number
}

/** Whole seconds of publishing and of the end. @throws TypeError */
export function listTimes(
  now: Date,
  { ttl, lifetime }: StatusListTimes,
): { readonly iat: number; readonly exp: number; readonly headers: Record<string, string> } {
  if (!(ttl > 0) || !(lifetime >= ttl)) {
    throw new TypeError('a status list has a ttl above 0 and a lifetime not below it')
  }
  const iat = Math.floor(now.getTime() / 1000)
  return {
    iat,
    exp: iat + Math.floor(lifetime),
    headers: {
      'cache-control': `public, max-age=${Math.floor(ttl)}`,
      // Verifiers that are web pages read it too, and it is for everybody.
      'access-control-allow-origin': '*',
    },
  }
}
