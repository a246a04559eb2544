/** A message that is shown, and where it was signed. */
export interface DisclosedMessage {
  /** From 0, among the messages of its sort. */
  readonly index: number
  /** As it was signed. */
  readonly message: Uint8Array
}

/** What a proof from a plain signature claims. */
export interface PlainStatement {
  /** 96 bytes, of the issuer. */
  readonly publicKey: Uint8Array
  /** As it was signed. */
  readonly header: Uint8Array
  /** The one that the verifier computes itself. */
  readonly presentationHeader: Uint8Array
  /** What was disclosed, indexes ascending. */
  readonly disclosed: readonly DisclosedMessage[]
  /** As it was received. */
  readonly proof: Uint8Array
}

/** What a proof from a blind signature claims. */
export interface BlindStatement extends PlainStatement {
  /** Which of the holder's own messages were disclosed, indexes ascending. */
  readonly disclosedCommitted: readonly DisclosedMessage[]
}

/** What a proof with a pseudonym claims. */
export interface PseudonymStatement extends BlindStatement {
  /** The one that the verifier asked for. */
  readonly scope: Uint8Array
  /** 48 bytes, as it was received. */
  readonly pseudonym: Uint8Array
}

/** What a proof claims, by kind of profile. */
export interface Statements {
  /** Plain BBS. */
  readonly plain: PlainStatement
  /** Blind BBS. */
  readonly blind: BlindStatement
  /** With pseudonym. */
  readonly pseudonym: PseudonymStatement
}

/**
 * Whether indexes are integers from 0, each greater than the one before and less than
 * `end`. Without it the blinding factor can be shown as a message.
 */
export function ascendingBelow(indexes: readonly number[], end: number): boolean {
  return indexes.every(
    (index, order) =>
      Number.isInteger(index) &&
      index >= 0 &&
      index < end &&
      (order === 0 || index > (indexes[order - 1] as number)),
  )
}
