import type { EcdsaHash, RsaAlgorithm } from '@asoba/core'
import {
  badDer,
  childrenOf,
  type Der,
  expect,
  oidOf,
  readDer,
  tags,
  unsigned,
  unsupported,
} from './der.ts'

/** How a certificate was signed; the curve is that of the issuer's key (RFC 5758 section 3.2). */
export type CertificateSignature =
  | { readonly kty: 'EC'; readonly hash: EcdsaHash }
  | { readonly kty: 'OKP' }
  | {
      readonly kty: 'RSA'
      readonly algorithm: RsaAlgorithm
      /** Of PSS, in octets. */
      readonly saltLength?: number
    }

const hashes: Readonly<Record<string, '256' | '384' | '512'>> = {
  '2.16.840.1.101.3.4.2.1': '256',
  '2.16.840.1.101.3.4.2.2': '384',
  '2.16.840.1.101.3.4.2.3': '512',
}

const algorithms: Readonly<Record<string, CertificateSignature>> = {
  '1.2.840.10045.4.3.2': { kty: 'EC', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { kty: 'EC', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { kty: 'EC', hash: 'SHA-512' },
  '1.3.101.112': { kty: 'OKP' },
  '1.2.840.113549.1.1.11': { kty: 'RSA', algorithm: 'RS256' },
  '1.2.840.113549.1.1.12': { kty: 'RSA', algorithm: 'RS384' },
  '1.2.840.113549.1.1.13': { kty: 'RSA', algorithm: 'RS512' },
}

/** MD2, MD4, MD5 and SHA-1 with RSA; SHA-1 with DSA and ECDSA. */
const broken: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10040.4.3',
  '1.2.840.10045.4.1',
])

/** OID of RSASSA-PSS, as a signature and as a kind of key. */
export const pss = '1.2.840.113549.1.1.10'

/**
 * Reads the AlgorithmIdentifier of a signature.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5758#section-3.2
 * @see https://www.rfc-editor.org/rfc/rfc4055#section-5
 */
export function signatureAlgorithmOf(der: Der): CertificateSignature {
  const [oid, parameters, ...rest] = childrenOf(der)
  const name = oidOf(oid)
  if (rest.length > 0) throw badDer()
  if (name === pss) return pssOf(parameters)
  const algorithm = algorithms[name]
  if (algorithm === undefined) {
    throw unsupported(
      broken.has(name)
        ? 'signatures over MD5 or SHA-1 can be moved to another certificate (collisions)'
        : 'the signature algorithm of the certificate is not supported',
    )
  }
  // RFC 5758 3.2 and RFC 8410 3: absent. RFC 4055 5: NULL, or absent.
  if (parameters !== undefined && !(algorithm.kty === 'RSA' && isNull(parameters))) throw badDer()
  return algorithm
}

/**
 * RSASSA-PSS with its parameters: one SHA-2 for message and mask (RFC 4055 section 3.1 asks for the
 * same, and the platforms have nothing else), the trailer field as ever.
 */
export function pssOf(parameters: Der | undefined): CertificateSignature & { readonly kty: 'RSA' } {
  if (parameters === undefined) throw badDer()
  // Each is [n] EXPLICIT; the defaults are SHA-1, MGF1 with SHA-1, 20 octets and 1.
  const members = childrenOf(expect(parameters, tags.sequence))
  const member = (tag: number): Der | undefined => members.find((one) => one.tag === tag)
  if (members.some(({ tag }, at) => tag <= (members[at - 1]?.tag ?? 0x9f) || tag > 0xa3)) {
    throw badDer()
  }
  const hash = hashOf(sequenceIn(member(0xa0)))
  const [mask, maskHash] = childrenOf(sequenceIn(member(0xa1)) ?? { content: new Uint8Array() })
  const one = mask !== undefined && oidOf(mask) === '1.2.840.113549.1.1.8' && hashOf(maskHash)
  const trailer = member(0xa3)
  if (
    hash === undefined ||
    hash !== one ||
    (trailer && unsigned(childrenOf(trailer)[0])[0] !== 1)
  ) {
    throw unsupported('RSASSA-PSS is supported with one SHA-2 for message and mask (RFC 4055)')
  }
  const salt = member(0xa2)
  const length = salt === undefined ? Uint8Array.of(20) : unsigned(childrenOf(salt)[0])
  if (length.length !== 1) throw badDer()
  return { kty: 'RSA', algorithm: `PS${hash}`, saltLength: length[0] as number }
}

function sequenceIn(der: Der | undefined): Der | undefined {
  return der && readDer(der.content, tags.sequence)
}

function hashOf(der: Der | undefined): '256' | '384' | '512' | undefined {
  if (der === undefined) return undefined
  const [oid, parameters, ...rest] = childrenOf(expect(der, tags.sequence))
  // RFC 4055 2.1: NULL, or absent.
  if (rest.length > 0 || (parameters !== undefined && !isNull(parameters))) throw badDer()
  return hashes[oidOf(oid)]
}

/** Whether it is NULL. */
export function isNull({ tag, content }: Der): boolean {
  return tag === tags.nullValue && content.length === 0
}
