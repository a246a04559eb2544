import {
  type Check,
  equalBytes,
  type Jwk,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { type Anchor, type Certificate, readAnchor, readCertificate } from './certificate.ts'
import { sameName } from './distinguished-name.ts'
import { bytesOfX5c } from './key-ids.ts'
import { invalid, type PathRules, pathProblems, rootProblems } from './path-rules.ts'
import { signatureFault } from './signature.ts'

/** What a chain is judged by; nothing of it comes from the message but the chain. */
export interface ChainInput extends PathRules {
  /** `x5c`: base64 DER, leaf first. What comes after the first anchor is not looked at. */
  readonly chain: readonly string[]
  /** DER of the trust anchors: a name and a key each. */
  readonly anchors: readonly Uint8Array[]
}

/** What a chain that holds says. */
export interface CertifiedKey {
  readonly publicJwk: Jwk
  /** URI names, DNS names as `https://` origins, and the distinguished name of the leaf. */
  readonly subjects: readonly string[]
  /** The distinguished name of the leaf; its first other name where it has none. */
  readonly subject: string
  /** OIDs of the extended key usage of the leaf; empty where it has none. */
  readonly usages: readonly string[]
  /** Distinguished name of the anchor. */
  readonly authority: string
  /** Index of the anchor, among those given. */
  readonly anchor: number
}

/** Certificates in `x5c` at most; more is a way to keep a verifier busy. */
const maxChain = 6

/**
 * Validates a certification path from the leaf to the first of the anchors that certified one of
 * the chain: names, signatures, validity at the time, authority, path length, key usage, extended
 * key usage, name constraints. Nothing is fetched: no CRL, no OCSP, no issuer certificate. Paths of
 * problems are `/<index in the chain>` or `/anchors/<index>`, and `/extensions/<OID>` below it.
 * Never throws, whatever the bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6.1
 * @see https://openid.net/specs/openid4vc-high-assurance-interoperability-profile-1_0.html section 6.1.1
 */
export async function verifyChain(input: ChainInput): Promise<Verified<CertifiedKey>> {
  const { chain, anchors, usage: demanded } = input
  const failed = (problems: readonly Problem[]) => refused(problems, [checked('failed')])
  if (chain.length === 0 || chain.length > maxChain) {
    return failed([invalid('the chain is empty or too long')])
  }
  const roots: Root[] = []
  const unusable: Problem[] = []
  for (const [index, der] of anchors.entries()) {
    const read = readAnchor(der)
    if (read.verified) roots.push({ ...read.anchor, index, der })
    else unusable.push(...under(`/anchors/${index}`, read.problems))
  }
  if (roots.length === 0) {
    return failed(
      unusable.length > 0 ? unusable : [invalid('there are no trust anchors', '/anchors')],
    )
  }
  const path = await pathTo(roots, input)
  // An anchor that cannot be read may be the one that is missing.
  if ('problems' in path) return failed([...path.problems, ...(path.anchored ? [] : unusable)])
  const { publicJwk, subjects, subject, extendedKeyUsage: usages = [] } = path.leaf
  const outcome = demanded === undefined ? 'not-applicable' : 'passed'
  return {
    verified: true,
    checks: [checked('passed'), { check: 'certificate-usage', path: '', outcome }],
    publicJwk,
    subjects,
    subject: subject.text === '' ? (subjects[0] ?? '') : subject.text,
    usages,
    authority: path.root.subject.text,
    anchor: path.root.index,
  }
}

interface Root extends Anchor {
  readonly index: number
  readonly der: Uint8Array
}

type Path =
  | { readonly leaf: Certificate; readonly root: Root }
  | { readonly problems: readonly Problem[]; readonly anchored: boolean }

/**
 * Cuts the chain at the first anchor, then judges. An anchor is a name and a key: it may stand in
 * the chain or not, and what comes after it is not looked at. Where the path to one does not hold,
 * one further up may do better.
 */
async function pathTo(all: readonly Root[], input: ChainInput): Promise<Path> {
  const { chain, backend, at } = input
  const entries = chain.map((entry) => bytesOfX5c(entry))
  const within = input.haip === true ? haipFaults(entries, all) : new Map<Root, Problem>()
  const roots = all.filter((root) => !within.has(root))
  const path: Certificate[] = []
  const links: Problem[] = []
  const misses: Problem[] = []
  let nearest: readonly Problem[] | undefined
  let unread = false
  for (const [index, der] of entries.entries()) {
    const read = readEntry(der, `/${index}`)
    if (!read.verified) {
      misses.push(...read.problems)
      unread = true
      break
    }
    const { certificate } = read
    const before = path.at(-1)
    if (before) links.push(...(await issuedBy(before, certificate, backend, `/${index - 1}`)))
    path.push(certificate)
    for (const root of roots) {
      // Whoever bears the name and the key of the anchor is the anchor, which certifies others.
      if (!sameName(root.subject, certificate.issuer) || isSame(root, certificate)) continue
      const faults = await issuedBy(certificate, root, backend, `/${index}`)
      for (const fault of faults.map((one) => ofAnchor(one, root))) {
        if (!misses.some(({ path: said }) => said === fault.path)) misses.push(fault)
      }
      if (faults.length > 0) continue
      const problems = [
        ...links,
        ...pathProblems(path, input),
        ...rootProblems(path, root, `/anchors/${root.index}`, at),
      ]
      if (problems.length === 0) return { leaf: path[0] as Certificate, root }
      nearest ??= problems
    }
  }
  if (nearest !== undefined) return { problems: nearest, anchored: true }
  const isLeaf = all.some((root) => path[0] !== undefined && isSame(root, path[0]))
  if (isLeaf) misses.push(invalid('the leaf is itself a trust anchor: pin its key instead', '/0'))
  else if (misses.length === 0 && within.size === 0) {
    misses.push(invalid('the issuer is not next in the chain', `/${path.length - 1}`))
  }
  return {
    problems: [
      ...links,
      ...(unread ? [] : pathProblems(path, input)),
      ...misses,
      ...within.values(),
    ],
    anchored: isLeaf,
  }
}

function readEntry(
  der: Uint8Array | undefined,
  path: string,
): Verified<{ readonly certificate: Certificate }> {
  if (der === undefined) {
    return refused([problem('x509.malformed', 'an x5c entry is not canonical base64', path)])
  }
  const read = readCertificate(der)
  return read.verified ? read : refused(under(path, read.problems))
}

/** HAIP 6.1.1: of the anchors those that stand in `x5c`, which must not. */
function haipFaults(
  entries: readonly (Uint8Array | undefined)[],
  roots: readonly Root[],
): ReadonlyMap<Root, Problem> {
  return new Map(
    roots.flatMap((root) => {
      const index = entries.findIndex((der) => der && equalBytes(der, root.der))
      const detail = 'the trust anchor has no place in x5c (HAIP 1.0 section 6.1.1)'
      return index < 0 ? [] : [[root, invalid(detail, `/${index}`)] as const]
    }),
  )
}

type Issuer = Pick<Certificate, 'subject' | 'publicJwk' | 'subjectKeyId'>

/** Whether an issuer signed the certificate: name, key identifier, signature. */
async function issuedBy(
  certificate: Certificate,
  { subject, publicJwk, subjectKeyId: id }: Issuer,
  backend: SignatureBackend | undefined,
  path: string,
): Promise<readonly Problem[]> {
  // 6.1.3 (a)(4)
  if (!sameName(subject, certificate.issuer)) {
    return [invalid('the issuer is not next in the chain', path)]
  }
  const { authorityKeyId: wanted } = certificate
  if (wanted !== undefined && id !== undefined && !equalBytes(id, wanted)) {
    return [invalid('the key identifier is not that of the issuer', path)]
  }
  // 6.1.3 (a)(1)
  const fault = await signatureFault(certificate, publicJwk, backend)
  if (fault === undefined) return []
  const code = fault.unsupported ? 'x509.unsupported' : 'x509.chain-invalid'
  return [problem(code, fault.message, path)]
}

/** An anchor of the right name is named, unless what is missing is a backend. */
function ofAnchor(fault: Problem, { index }: Root): Problem {
  return fault.code === 'x509.unsupported'
    ? fault
    : invalid('the anchor has the name of the issuer and another key', `/anchors/${index}`)
}

function isSame(a: Pick<Certificate, 'subject' | 'publicJwk'>, b: typeof a): boolean {
  const [one, two] = [a.publicJwk, b.publicJwk]
  const members = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const
  return sameName(a.subject, b.subject) && members.every((name) => one[name] === two[name])
}

function under(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((one) => ({ ...one, path: `${path}${one.path ?? ''}` }))
}

function checked(outcome: Check['outcome']): Check {
  return { check: 'certificate-chain', path: '', outcome }
}
