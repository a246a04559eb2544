import type {
  FindTrustedIssuer,
  SignatureBackend,
  StatusReference,
  StatusSource,
  Verified,
} from '@asoba/core'

/** What a {@link StatusSource} gives: a whole list as it was fetched. */
export type StatusDocument = Awaited<ReturnType<StatusSource['get']>>

/** What reading a list takes from the verifier; nothing of it is read from the list. */
export interface StatusContext {
  readonly now: Date
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** How old a list without an expiry of its own may be, in seconds. */
  readonly maxAge: number
  /** Bytes that a list may have once it is decompressed. */
  readonly maxListBytes: number
  /** Finds the keys of the list's signer, and refuses every signer but the allowed ones. */
  readonly findIssuer: FindTrustedIssuer
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/** What a list says of one credential. */
export interface StatusReading {
  /** The number in the list. */
  readonly value: number
  /** `noted` says something of the credential without ending it; `unknown` has no agreed meaning. */
  readonly meaning: 'valid' | 'revoked' | 'suspended' | 'noted' | 'unknown'
  /** Bitstring status list: the purpose of the entry. */
  readonly purpose?: string
  /** Bitstring status list: the message that the credential itself gives for this value. */
  readonly message?: string
  /** Seconds after which a fresh list should be fetched, where the list says so. */
  readonly ttl?: number
}

/** One way of publishing status: how its lists are judged and read. Never throws. */
export interface StatusMechanism {
  readonly kind: StatusReference['kind']
  /** Judges the list, then reads the one entry that the reference means. */
  read(
    document: StatusDocument,
    reference: StatusReference,
    context: StatusContext,
  ): Promise<Verified<StatusReading>>
}
