import { type Problem, problem, type SignatureBackend } from '@asoba/core'
import { type Anchor, type Certificate, usage } from './certificate.ts'
import { sameName } from './distinguished-name.ts'
import { extensionIds, pathOf } from './fields.ts'
import { type Violation, violationOf } from './name-constraints.ts'

/** What a path is held to besides RFC 5280. */
export interface PathRules {
  readonly at: Date
  /**
   * OIDs of extended key usage of which the leaf must have one. When left out every usage is
   * accepted, and `usages` of the result says which there are.
   */
  readonly usage?: string | readonly string[]
  /** Refuses what HAIP 1.0 forbids: the anchor in `x5c`, and a self-signed leaf. */
  readonly haip?: boolean
  /** Verifies signatures instead of the platform; RSA only with `withRsa` of `@asoba/did/rsa`. */
  readonly backend?: SignatureBackend
}

/** 6.1.3 and 6.1.4 for the certificates of a path, leaf first, and 6.1.5 for the leaf. */
export function pathProblems(path: readonly Certificate[], input: PathRules): readonly Problem[] {
  const problems: Problem[] = []
  for (const [index, certificate] of path.entries()) {
    // 6.1.3 (a)(2)
    problems.push(...validityProblems(certificate, input.at, `/${index}`))
    if (index > 0) problems.push(...authorityProblems(path, index))
    problems.push(...nameProblems(path, index, certificate.nameConstraints))
  }
  const [leaf] = path
  const { digitalSignature, contentCommitment } = usage
  const signing = digitalSignature | contentCommitment
  // 4.2.1.3: where key usage is there, the leaf must be allowed to sign data.
  if (leaf?.keyUsage !== undefined && (leaf.keyUsage & signing) === 0) {
    problems.push(invalid('the leaf may not make signatures', '/0'))
  }
  if (leaf?.publicJwk.kty === 'RSA' && input.backend?.rsa === undefined) {
    const detail = 'the key of the leaf is RSA: give withRsa() of @asoba/did/rsa as backend'
    problems.push(problem('x509.unsupported', detail, '/0'))
  }
  if (leaf !== undefined && input.haip === true && sameName(leaf.issuer, leaf.subject)) {
    problems.push(invalid('the leaf is self-signed (HAIP 1.0 section 6.1.1)', '/0'))
  }
  problems.push(...purposeProblems(path, input.usage))
  return problems
}

/** 6.1.1 (d), and by RFC 5937 what the anchor says of its own bounds. */
export function rootProblems(
  path: readonly Certificate[],
  root: Anchor,
  where: string,
  at: Date,
): readonly Problem[] {
  const problems = [...validityProblems(root, at, where)]
  if (root.pathLength !== undefined && authoritiesBelow(path, path.length) > root.pathLength) {
    problems.push(invalid('the path is longer than an issuer allows', where))
  }
  problems.push(...nameProblems(path, path.length, root.nameConstraints))
  return problems
}

function validityProblems(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  at: Date,
  path: string,
): readonly Problem[] {
  // Written so that a time that is no time is not within.
  return at >= notBefore && at <= notAfter
    ? []
    : [problem('x509.expired', 'the certificate is not valid at the time', path)]
}

/** 6.1.4 (k) to (n). */
function authorityProblems(path: readonly Certificate[], index: number): readonly Problem[] {
  const { version, isAuthority, keyUsage, pathLength } = path[index] as Certificate
  const where = `/${index}`
  const problems: Problem[] = []
  if (!isAuthority) {
    problems.push(
      invalid(
        version === 3
          ? 'an issuer is no certificate authority'
          : 'an issuer of version 1 or 2 cannot say that it is an authority: make it an anchor',
        where,
      ),
    )
  }
  if (keyUsage !== undefined && (keyUsage & usage.keyCertSign) === 0) {
    problems.push(invalid('an issuer may not sign certificates', where))
  }
  if (pathLength !== undefined && authoritiesBelow(path, index) > pathLength) {
    problems.push(invalid('the path is longer than an issuer allows', where))
  }
  return problems
}

/** 6.1.4 (l): authorities between a place in the path and the leaf, the self-issued not counted. */
function authoritiesBelow(path: readonly Certificate[], index: number): number {
  return path.slice(1, index).filter(({ issuer, subject }) => !sameName(issuer, subject)).length
}

/** 6.1.3 (b) and (c): what stands below in the path against the constraints of one above. */
function nameProblems(
  path: readonly Certificate[],
  above: number,
  constraints: Certificate['nameConstraints'],
): readonly Problem[] {
  if (constraints === undefined) return []
  return path.slice(0, above).flatMap((certificate, index) => {
    if (index > 0 && sameName(certificate.issuer, certificate.subject)) return []
    const violation = violationOf(certificate, constraints)
    return violation === undefined ? [] : [invalid(violations[violation], `/${index}`)]
  })
}

const violations: Readonly<Record<Violation, string>> = {
  'not-permitted': 'an authority above does not allow a name of the certificate (nameConstraints)',
  'unknown-form':
    'an authority above constrains a form of names that is not processed here (nameConstraints)',
  'too-many': 'there are too many names and name constraints to compare',
}

/**
 * 4.2.1.12: whoever needs a purpose demands that it is named. An authority that names purposes
 * certifies for those alone, as all who read certificates of the web have it: a sub-authority for
 * servers must not make issuers of credentials.
 */
function purposeProblems(path: readonly Certificate[], demanded: PathRules['usage']): Problem[] {
  let wanted = typeof demanded === 'string' ? [demanded] : demanded
  if (wanted === undefined) return []
  const problems: Problem[] = []
  for (const [index, { extendedKeyUsage: has }] of path.entries()) {
    if (index > 0 && (has === undefined || has.includes(anyPurpose))) continue
    wanted = wanted.filter((oid) => has?.includes(oid))
    if (wanted.length > 0) continue
    const detail =
      index === 0
        ? 'the leaf has not the usage that the policy demands (extKeyUsage)'
        : 'an authority may not certify for the usage that the policy demands (extKeyUsage)'
    problems.push(invalid(detail, `/${index}${pathOf(extensionIds.extendedKeyUsage)}`))
    break
  }
  return problems
}

const anyPurpose = '2.5.29.37.0'

/** A problem of the path. */
export function invalid(detail: string, path?: string): Problem {
  return problem('x509.chain-invalid', detail, path)
}
