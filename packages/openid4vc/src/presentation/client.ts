import { digest, type Signer, toBase64url } from '@asoba/core'
import { parseDidUrl } from '@asoba/did'
import { readNames } from '@asoba/jwt/x509'

/**
 * How the verifier is known to wallets. All but `redirect_uri` sign their requests; the signer has
 * its certificates in `x5c` (leaf first, no anchor), or its DID URL in `verificationMethod`.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-5.9.3
 */
export type ClientIdentifier =
  | { readonly prefix: 'redirect_uri' }
  | { readonly prefix: 'x509_san_dns' | 'x509_hash'; readonly signer: Signer }
  | { readonly prefix: 'decentralized_identifier'; readonly signer: Signer }

/** A client identifier that was looked at. */
export interface Client {
  /** The full client identifier; for `redirect_uri` it is that of the response URI. */
  idFor(responseUri: string): string
  readonly signer: Signer | undefined
  /** Members of the header that say whose key it is. */
  readonly header: { readonly kid?: string; readonly x5c?: readonly string[] }
}

/**
 * The client of a verifier.
 *
 * @throws TypeError where what the prefix needs is missing or does not fit the address
 */
export async function clientOf(
  identifier: ClientIdentifier,
  { host }: { readonly host: string },
): Promise<Client> {
  if (identifier.prefix === 'redirect_uri') {
    return { idFor: (uri) => `redirect_uri:${uri}`, signer: undefined, header: {} }
  }
  const { prefix, signer } = identifier
  if (prefix === 'decentralized_identifier') {
    const { did, fragment } = parseDidUrl(signer.verificationMethod) ?? {}
    if (did === undefined || fragment === undefined) {
      throw new TypeError('the signer of a DID names its key by a DID URL (verificationMethod)')
    }
    const id = `${prefix}:${did}`
    return { idFor: () => id, signer, header: { kid: signer.verificationMethod } }
  }
  const { x5c = [] } = signer
  const chain = x5c.map((one) => Uint8Array.from(atob(one), (char) => char.charCodeAt(0)))
  const read = chain.map((der) => readNames(der))
  // HAIP 5: no self-signed leaf, and no anchor; wallets refuse both.
  const fits = read.every((each) => each !== undefined && each.issuer.text !== each.subject.text)
  const [leaf] = chain
  const [first] = read
  if (leaf === undefined || first === undefined || !fits) {
    throw new TypeError(
      'the signer has certificates in x5c: the leaf first, none of them self-signed',
    )
  }
  const { subjects } = first
  // A wallet compares the certificate with the response URI; better to hear of it here.
  if (prefix === 'x509_san_dns' && !subjects.includes(`https://${host}`)) {
    throw new TypeError('the certificate does not name the host of the url (dNSName)')
  }
  const name = prefix === 'x509_san_dns' ? host : toBase64url(await digest('SHA-256', leaf))
  return { idFor: () => `${prefix}:${name}`, signer, header: { x5c } }
}
