import 'reflect-metadata'
import { type PrivateJwk, toBase64url } from '@asoba/core'
import * as x509 from '@peculiar/x509'

/** A certificate and its key, as services read them. */
export interface Certified {
  readonly privateJwk: PrivateJwk
  /** base64 DER, leaf first, the root left out. */
  readonly x5c: readonly string[]
}

/** A certificate authority for development: one root, and leaves under it. */
export interface DevCa {
  /** The root as PEM: the trust anchor. */
  readonly rootPem: string
  /** The root as DER. */
  readonly root: Uint8Array
  /** A certificate for a host name, P-256, with which HAIP is satisfied. */
  issue(host: string, days?: number): Promise<Certified>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/**
 * Makes a root that nobody else trusts. Its key is in memory only: a leaf more means another
 * root. For development; real certificates come from the trust framework that you belong to.
 */
export async function createDevCa(now: Date = new Date()): Promise<DevCa> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notBefore = new Date(now.getTime() - 3_600_000)
  const after = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
  const name = 'CN=Asoba development root'
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
    notBefore,
    notAfter: after(365),
    serialNumber: serial(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return {
    rootPem: root.toString('pem'),
    root: new Uint8Array(root.rawData),
    issue: async (host, days = 90) => {
      const leafKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const leaf = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: name,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        notBefore,
        notAfter: after(days),
        serialNumber: serial(),
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
          await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
        ],
      })
      const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', leafKeys.privateKey)
      const privateJwk = { kty, crv, x, y, d } as unknown as PrivateJwk
      return { privateJwk, x5c: [Buffer.from(leaf.rawData).toString('base64')] }
    },
  }
}

/** Positive, and nothing that could be counted. */
function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

/** base64url SHA-256 of a certificate, as `x509_hash` names it. */
export async function hashOfCertificate(der: string): Promise<string> {
  return toBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.from(der, 'base64'))),
  )
}
