import { type JsonObject, type Signer, toBase64url } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import { compress } from '#zlib'
import { statusAllocator } from './allocator.ts'
import { type PackedStatuses, putStatus, statusAt } from './bits.ts'
import { entryChanges, listTimes, type StatusList, type StatusListTimes } from './status-list.ts'
import type { StatusStore } from './store.ts'

/** Options of {@link tokenStatusList}. */
export interface TokenStatusListOptions extends StatusListTimes {
  /** https URL of the list, the same for all its entries. */
  readonly uri: string
  /** Entries: the herd in which one credential hides; a multiple of 8, 131,072 or more is advised. */
  readonly size: number
  /** 1: valid and revoked; 2: suspended as well; 4 and 8 for values of the application. */
  readonly bits: 1 | 2 | 4 | 8
  readonly store: StatusStore
  /** Signs the list: the credential's issuer, or whom verifiers' trust entries name for status. */
  readonly signer: Signer
  /** Issuer identifier of the signer; needed where it is not the credential's issuer. */
  readonly issuer?: string
}

/**
 * A token status list in the hands of its issuer. Unused entries look like valid ones, so what is
 * published does not tell how many credentials there are.
 *
 * @throws TypeError
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-4
 */
export function tokenStatusList(options: TokenStatusListOptions): StatusList {
  const { uri, size, bits, store, signer } = options
  if (![1, 2, 4, 8].includes(bits)) throw new TypeError('a token status list has 1, 2, 4 or 8 bits')
  listTimes(new Date(0), options)
  const allocator = statusAllocator({ size, bits, store, put: putStatus, at: statusAt })
  const kind = 'token-status-list' as const
  return {
    kind,
    uri,
    async allocate(count) {
      return (await allocator.allocate(count)).map((index) => ({ kind, uri, index }))
    },
    ...entryChanges(
      { kind, uri },
      allocator,
      bits === 1 ? { revoked: 1 } : { revoked: 1, suspended: 2 },
    ),
    async publish({ now }) {
      const { iat, exp, headers } = listTimes(now, options)
      const mediaType = 'application/statuslist+jwt'
      const body = await signStatusListToken(
        {
          ...(options.issuer !== undefined && { iss: options.issuer }),
          sub: uri,
          iat,
          exp,
          ttl: Math.floor(options.ttl),
          status_list: await encodeTokenStatusList(await allocator.statuses()),
        },
        signer,
      )
      return {
        uri,
        body,
        mediaType,
        headers: { 'content-type': mediaType, ...headers },
        expires: new Date(exp * 1000),
      }
    },
  }
}

/**
 * The `status_list` claim of packed values.
 *
 * @throws TypeError where the bits per entry are not 1, 2, 4 or 8
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-4.2
 */
export async function encodeTokenStatusList(list: PackedStatuses): Promise<JsonObject> {
  const { bits, bytes } = list
  if (![1, 2, 4, 8].includes(bits)) throw new TypeError('a token status list has 1, 2, 4 or 8 bits')
  return { bits, lst: toBase64url(await compress('deflate', bytes)) }
}

/**
 * Signs the claims of a status list token.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-5.1
 */
export function signStatusListToken(claims: JsonObject, signer: Signer): Promise<string> {
  const { verificationMethod, x5c } = signer
  const header = {
    typ: 'statuslist+jwt',
    ...(verificationMethod !== '' && { kid: verificationMethod }),
    ...(x5c !== undefined && { x5c }),
  }
  return signJws(header, claims, signer)
}
