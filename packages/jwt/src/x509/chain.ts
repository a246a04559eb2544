import {
  equalBytes,
  type Jwk,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { verifySignature } from '@asoba/did'
import { type Certificate, readCertificate, usage } from './certificate.ts'
import { bytesOfX5c } from './key-ids.ts'

/** What a chain is judged by; nothing of it comes from the message but the chain. */
export interface ChainInput {
  /** `x5c`: base64 DER, leaf first, the trust anchor left out. */
  readonly chain: readonly string[]
  /** DER of the trust anchors. */
  readonly anchors: readonly Uint8Array[]
  readonly at: Date
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/** Certificates in `x5c` at most. */
const maxChain = 6

/**
 * Validates a certification path from the leaf to one of the anchors: order and names, signatures,
 * validity at the time, authority, path length, key usage, key identifiers. Nothing is fetched: no
 * CRL, no OCSP, no issuer certificate. An anchor or a self-issued certificate inside of `x5c` is
 * refused, as HAIP demands. Paths of problems are `/<index in the chain>`.
 * Never throws, whatever the bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6.1
 * @see https://openid.net/specs/openid4vc-high-assurance-interoperability-profile-1_0.html section 6.1.1
 */
export async function verifyChain(
  input: ChainInput,
): Promise<Verified<{ readonly publicJwk: Jwk; readonly subjects: readonly string[] }>> {
  const { chain, anchors, at } = input
  if (chain.length === 0 || chain.length > maxChain) {
    return refused([invalid('the chain is empty or too long')])
  }
  const { certificates, problems: unreadable } = readAll(chain, anchors)
  const roots = anchors.flatMap((anchor) => {
    const read = readCertificate(anchor)
    return read.verified ? [read.certificate] : []
  })
  const problems: Problem[] = [...unreadable]
  if (roots.length === 0) problems.push(invalid('there is no trust anchor that can be used'))
  const [leaf] = certificates
  if (problems.length > 0 || leaf === undefined) return refused(problems)

  for (const [index, certificate] of certificates.entries()) {
    const path = `/${index}`
    // 6.1.3 (a)(2)
    problems.push(...validityProblems(certificate, at, path))
    if (equalBytes(certificate.issuer, certificate.subject)) {
      problems.push(invalid('a self-issued certificate has no place in x5c', path))
    }
    // 6.1.4 (k) to (n)
    if (index > 0) problems.push(...authorityProblems(certificate, index - 1, path))
    const next = certificates[index + 1]
    if (next !== undefined) problems.push(...(await issuedBy(certificate, [next], input, path)))
  }
  // 4.2.1.3: where key usage is there, the leaf must be allowed to sign data.
  if (leaf.keyUsage !== undefined && (leaf.keyUsage & usage.digitalSignature) === 0) {
    problems.push(invalid('the leaf may not make signatures', '/0'))
  }
  const last = certificates.length - 1
  const below = (root: Certificate): readonly Problem[] => [
    ...validityProblems(root, at, ''),
    ...authorityProblems(root, last, ''),
  ]
  const usable = roots.filter((root) => below(root).length === 0)
  const top = certificates[last] as Certificate
  const anchored = await issuedBy(top, usable, input, `/${last}`)
  problems.push(...anchored)
  if (anchored.length > 0) {
    // Why an anchor of that name was not usable is worth saying.
    const named = roots.filter((root) => equalBytes(root.subject, top.issuer))
    problems.push(...named.flatMap(below))
  }
  if (problems.length > 0) return refused(problems)
  return {
    verified: true,
    checks: [{ check: 'certificate-chain', path: '', outcome: 'passed' }],
    publicJwk: leaf.publicJwk,
    subjects: leaf.subjects,
  }
}

function readAll(
  chain: readonly string[],
  anchors: readonly Uint8Array[],
): { readonly certificates: readonly Certificate[]; readonly problems: readonly Problem[] } {
  const certificates: Certificate[] = []
  const problems: Problem[] = []
  for (const [index, entry] of chain.entries()) {
    const path = `/${index}`
    const der = bytesOfX5c(entry)
    if (der === undefined) {
      problems.push(problem('x509.malformed', 'an x5c entry is not canonical base64', path))
      continue
    }
    if (anchors.some((anchor) => equalBytes(anchor, der))) {
      problems.push(invalid('the trust anchor has no place in x5c', path))
    }
    const read = readCertificate(der)
    if (read.verified) certificates.push(read.certificate)
    else problems.push(...read.problems.map((one) => ({ ...one, path })))
  }
  return { certificates, problems }
}

/** Whether one of the issuers signed the certificate: name, key identifier, signature. */
async function issuedBy(
  certificate: Certificate,
  issuers: readonly Certificate[],
  { backend }: ChainInput,
  path: string,
): Promise<readonly Problem[]> {
  // 6.1.3 (a)(4)
  const named = issuers.filter(({ subject }) => equalBytes(subject, certificate.issuer))
  if (named.length === 0) return [invalid('the issuer is not next in the chain', path)]
  const wanted = certificate.authorityKeyId
  const identified = named.filter(
    ({ subjectKeyId: id }) => wanted === undefined || id === undefined || equalBytes(id, wanted),
  )
  if (identified.length === 0) {
    return [invalid('the key identifier is not that of the issuer', path)]
  }
  // 6.1.3 (a)(1)
  for (const { publicJwk } of identified) {
    const { algorithm, signed, signature } = certificate
    const options = backend === undefined ? {} : { backend }
    if ((await verifySignature(algorithm, publicJwk, signed, signature, options)) === true) {
      return []
    }
  }
  return [invalid('the signature is not that of the issuer', path)]
}

function validityProblems(
  { notBefore, notAfter }: Certificate,
  at: Date,
  path: string,
): readonly Problem[] {
  // Written so that a time that is no time is not within.
  return at >= notBefore && at <= notAfter
    ? []
    : [problem('x509.expired', 'the certificate is not valid at the time', path)]
}

/** `below`: intermediate certificates between it and the leaf. */
function authorityProblems(
  certificate: Certificate,
  below: number,
  path: string,
): readonly Problem[] {
  const { isAuthority, keyUsage, pathLength } = certificate
  const problems: Problem[] = []
  if (!isAuthority) problems.push(invalid('an issuer is no certificate authority', path))
  if (keyUsage !== undefined && (keyUsage & usage.keyCertSign) === 0) {
    problems.push(invalid('an issuer may not sign certificates', path))
  }
  if (pathLength !== undefined && below > pathLength) {
    problems.push(invalid('the path is longer than an issuer allows', path))
  }
  return problems
}

function invalid(detail: string, path?: string): Problem {
  return problem('x509.chain-invalid', detail, path)
}
