import './reflect-metadata.ts'
import * as x509 from '@peculiar/x509'

export { x509 }

export const at = new Date('2026-03-01T12:00:00Z')
const year = (full: number) => new Date(Date.UTC(full, 0, 1))

export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'RSA' | 'RSA-PSS'
export type Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

const hashes = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' } as const

interface Rsa {
  readonly hash?: Hash
  readonly modulusLength?: number
  readonly publicExponent?: Uint8Array<ArrayBuffer>
  readonly saltLength?: number
}

function algorithmOf(kind: KeyKind, rsa: Rsa = {}) {
  if (kind === 'Ed25519') return { name: 'Ed25519' }
  if (kind === 'RSA' || kind === 'RSA-PSS') {
    return {
      name: kind === 'RSA' ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS',
      hash: 'SHA-256',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      saltLength: 32,
      ...rsa,
    }
  }
  return { name: 'ECDSA', namedCurve: kind, hash: rsa.hash ?? hashes[kind] }
}

export interface Made {
  readonly keys: CryptoKeyPair
  readonly kind: KeyKind
  readonly name: string
  readonly der: Uint8Array
  readonly base64: string
}

export interface Wish {
  readonly name: string
  /** Who signs; itself where left out. */
  readonly by?: Made
  /** Issuer name where it is not that of `by`. */
  readonly issuerName?: string
  readonly kind?: KeyKind
  /** Of its own key, where it is RSA. */
  readonly rsa?: Rsa
  /** What its issuer hashes with, and the salt of PSS. */
  readonly signing?: Pick<Rsa, 'hash' | 'saltLength'>
  /** OIDs of the extended key usage, critical. */
  readonly purposes?: readonly string[]
  readonly ca?: boolean
  readonly pathLength?: number
  readonly usages?: number | 'none'
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly names?: {
    readonly type: 'url' | 'dns' | 'email' | 'dn' | 'ip'
    readonly value: string
  }[]
  readonly extensions?: readonly x509.Extension[]
  readonly publicKey?: Uint8Array<ArrayBuffer>
  readonly withoutKeyIds?: boolean
  /** Whose key identifier it names as its issuer's. */
  readonly authority?: Made
}

/** A certificate as wished. */
export async function make(wish: Wish): Promise<Made> {
  const kind = wish.kind ?? 'P-256'
  const keys = (await crypto.subtle.generateKey(algorithmOf(kind, wish.rsa), true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const signingKind = wish.by?.kind ?? kind
  const extensions: x509.Extension[] = [...(wish.extensions ?? [])]
  if (wish.ca !== undefined) {
    extensions.push(new x509.BasicConstraintsExtension(wish.ca, wish.pathLength, true))
  }
  const { digitalSignature, keyCertSign } = x509.KeyUsageFlags
  if (wish.usages !== 'none') {
    const usages = wish.usages ?? (wish.ca === true ? keyCertSign : digitalSignature)
    extensions.push(new x509.KeyUsagesExtension(usages, true))
  }
  if (wish.purposes) extensions.push(new x509.ExtendedKeyUsageExtension([...wish.purposes], true))
  if (wish.names) extensions.push(new x509.SubjectAlternativeNameExtension(wish.names))
  if (wish.withoutKeyIds !== true) {
    extensions.push(await x509.SubjectKeyIdentifierExtension.create(keys.publicKey))
    const authority = wish.authority ?? wish.by
    extensions.push(
      await x509.AuthorityKeyIdentifierExtension.create((authority?.keys ?? keys).publicKey),
    )
  }
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '0102',
    subject: wish.name,
    issuer: wish.issuerName ?? wish.by?.name ?? wish.name,
    notBefore: wish.notBefore ?? year(2025),
    notAfter: wish.notAfter ?? year(2028),
    signingKey: (wish.by?.keys ?? keys).privateKey,
    publicKey: wish.publicKey ?? keys.publicKey,
    signingAlgorithm: algorithmOf(signingKind, { ...wish.rsa, ...wish.signing }) as EcdsaParams,
    extensions,
  })
  const der = new Uint8Array(certificate.rawData)
  return { keys, kind, name: wish.name, der, base64: certificate.toString('base64') }
}

/** An anchor, an authority below it and a leaf below that. */
export async function makeChain(kind: KeyKind = 'P-256'): Promise<{
  readonly anchor: Made
  readonly middle: Made
  readonly leaf: Made
  readonly chain: readonly string[]
}> {
  const anchor = await make({ name: 'CN=Anchor,O=Nation', ca: true, kind })
  const middle = await make({ name: 'CN=Registry CA,O=Nation', by: anchor, ca: true, kind })
  const leaf = await make({
    name: 'CN=Registry,O=Nation',
    by: middle,
    kind,
    names: [
      { type: 'url', value: 'https://registry.example/issuer' },
      { type: 'dns', value: 'Registry.example' },
      { type: 'dns', value: '*.registry.example' },
    ],
  })
  return { anchor, middle, leaf, chain: [leaf.base64, middle.base64] }
}

/** DER of one element. */
export function der(tag: number, ...contents: readonly (Uint8Array | string)[]): Uint8Array {
  const bytes = contents.flatMap((one) => [
    ...(typeof one === 'string' ? new TextEncoder().encode(one) : one),
  ])
  const { length } = bytes
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.of(tag, ...size, ...bytes)
}

/** A name constraints extension: subtrees by the tag of their form. */
export function nameConstraints(
  permitted: readonly (readonly [number, Uint8Array | string])[],
  excluded: readonly (readonly [number, Uint8Array | string])[] = [],
  critical = true,
): x509.Extension {
  const list = (tag: number, bases: typeof permitted) =>
    bases.length === 0
      ? new Uint8Array()
      : der(tag, ...bases.map(([form, value]) => der(0x30, der(form, value))))
  const value = der(0x30, list(0xa0, permitted), list(0xa1, excluded))
  return new x509.Extension('2.5.29.30', critical, value as Uint8Array<ArrayBuffer>)
}

/** DER of a name. */
export function nameDer(text: string): Uint8Array {
  return new Uint8Array(new x509.Name(text).toArrayBuffer())
}
