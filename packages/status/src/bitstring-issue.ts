import { type JsonObject, type Signer, toBase64url } from '@asoba/core'
import { signCredential } from '@asoba/jwt'
import { compress } from '#zlib'
import { statusAllocator } from './allocator.ts'
import { bitstringAt, type PackedStatuses, putBitstring } from './bits.ts'
import { entryChanges, listTimes, type StatusList, type StatusListTimes } from './status-list.ts'
import type { StatusStore } from './store.ts'

/** Options of {@link bitstringStatusList}. */
export interface BitstringStatusListOptions extends StatusListTimes {
  /** https URL of the list credential, the same for all its entries. */
  readonly uri: string
  /** Issuer of the list credential: a DID or an https URL. */
  readonly issuer: string
  /** Entries; a multiple of 8, at least 131,072. */
  readonly size: number
  /** What a set bit says. A list that can both revoke and suspend is two lists, or a token status list. */
  readonly purpose: 'revocation' | 'suspension' | 'refresh' | 'message'
  /**
   * Messages by value (`0x0`, `0x1`, …) where the purpose is `message`; as many as the bits per
   * entry have values.
   */
  readonly messages?: Readonly<Record<string, string>>
  readonly store: StatusStore
  /**
   * Secures the list credential; `vcJwtListSigner(signer)`, or a function over another format. It
   * takes the credential and returns the body and its media type.
   */
  readonly secure: SecureListCredential
}

/** Secures a status list credential. */
export type SecureListCredential = (
  credential: JsonObject,
) => Promise<{ readonly body: string; readonly mediaType: string }>

/** A bitstring status list in the hands of its issuer; a message list can also be written to. */
export interface BitstringStatusList extends StatusList {
  /**
   * Writes a value of one's own into an entry (`refresh`, `message`).
   *
   * @throws TypeError where the purpose is revocation or suspension, or the value has too many bits
   * @throws AsobaError `status.entry-unknown`
   */
  note(index: number, value: number): Promise<void>
}

/**
 * A bitstring status list in the hands of its issuer.
 *
 * @throws TypeError where the list would be too short, or messages are incomplete
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#generate-algorithm
 */
export function bitstringStatusList(options: BitstringStatusListOptions): BitstringStatusList {
  const { uri, size, purpose, messages, store } = options
  if (!(size >= 131_072)) {
    throw new TypeError('a bitstring status list has at least 131072 entries')
  }
  const bits = messages === undefined ? 1 : bitsFor(messages)
  if ((purpose === 'message') !== (messages !== undefined)) {
    throw new TypeError('messages belong to the purpose message, and to no other')
  }
  listTimes(new Date(0), options)
  const allocator = statusAllocator({ size, bits, store, put: putBitstring, at: bitstringAt })
  const kind = 'bitstring-status-list' as const
  const values =
    purpose === 'revocation' ? { revoked: 1 } : purpose === 'suspension' ? { suspended: 1 } : {}
  return {
    kind,
    uri,
    async allocate(count) {
      const more = messages && { size: bits, messages }
      return (await allocator.allocate(count)).map((index) => ({
        kind,
        uri,
        index,
        purpose,
        ...more,
      }))
    },
    ...entryChanges({ kind, uri }, allocator, values),
    async note(index, value) {
      if (purpose !== 'refresh' && purpose !== 'message') {
        throw new TypeError('revoke, suspend and reinstate write to this list')
      }
      if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
        throw new TypeError('the value does not fit into the bits of an entry')
      }
      await allocator.update([index], () => value)
    },
    async publish({ now }) {
      const { iat, exp, headers } = listTimes(now, options)
      const { body, mediaType } = await options.secure({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        id: uri,
        type: ['VerifiableCredential', 'BitstringStatusListCredential'],
        issuer: options.issuer,
        validFrom: dateTime(iat),
        validUntil: dateTime(exp),
        credentialSubject: {
          id: `${uri}#list`,
          type: 'BitstringStatusList',
          statusPurpose: purpose,
          // In milliseconds, other than the ttl of a token status list.
          ttl: Math.floor(options.ttl) * 1000,
          ...(messages && { statusSize: bits, statusMessages: statusMessages(messages) }),
          encodedList: await encodeBitstring(await allocator.statuses()),
        },
      })
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

/** Secures list credentials as `vc+jwt`. */
export function vcJwtListSigner(signer: Signer): SecureListCredential {
  return async (credential) => ({
    body: await signCredential(credential, signer),
    mediaType: 'application/vc+jwt',
  })
}

/**
 * The `encodedList` of packed values.
 *
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#bitstring-generation-algorithm
 */
export async function encodeBitstring(list: Pick<PackedStatuses, 'bytes'>): Promise<string> {
  return `u${toBase64url(await compress('gzip', list.bytes))}`
}

function bitsFor(messages: Readonly<Record<string, string>>): number {
  const count = Object.keys(messages).length
  const bits = Math.log2(count)
  const complete = Array.from({ length: count }, (_, value) => `0x${value.toString(16)}`).every(
    (name) => Object.hasOwn(messages, name),
  )
  if (count < 2 || count > 256 || !Number.isInteger(bits) || !complete) {
    throw new TypeError('messages name every value once: 0x0, 0x1, … up to a power of two')
  }
  return bits
}

function statusMessages(messages: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(messages).map(([status, message]) => ({ status, message }))
}

function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
