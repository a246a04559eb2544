import {
  type AnyTrustEntry,
  type CredentialTypeName,
  type FindTrustedIssuer,
  type IssuerCertificate,
  type IssuerClaim,
  type IssuerKeys,
  type Jwk,
  type ProblemCode,
  problem,
  type Refused,
  refused,
  type TrustEntry,
  type TrustedIssuer,
  type TrustPolicy,
  type Verified,
} from '@asoba/core'

/** What trust is decided with, for one verification. */
export interface TrustContext {
  readonly types: readonly CredentialTypeName[]
  readonly trust: TrustPolicy
  readonly issuerKeys: IssuerKeys
  readonly at: Date
  readonly signal?: AbortSignal
  /** What entries for everybody under anchors are worth for whom they were found to cover. */
  readonly certified: Map<IssuerCertificate, TrustEntry>
}

/** Trust policy, then keys: what a format asks when it has read who claims to have issued what. */
export function trustedIssuerFinder(context: TrustContext): FindTrustedIssuer {
  return async (claim) => {
    if (claim.purpose !== 'credential') {
      return refuse('issuer.untrusted', 'this is no credential')
    }
    const named = context.types.filter(
      ({ vct, vcdmType }) => claim.types.includes(vct) || claim.types.includes(vcdmType),
    )
    const [type] = named
    if (type === undefined) {
      return refuse('credential.type-unknown', 'the verifier does not know this type')
    }
    // An issuer trusted for one of two types must not get its word taken for the other.
    if (named.length > 1) {
      return refuse('credential.type-unknown', 'the credential names several types of the policy')
    }
    const trusted = await entriesFor(claim, type.name, context)
    if (!trusted.verified) return trusted
    const found = await withKeys(trusted.entries, claim, type.name, context)
    const { contexts } = type
    return found.verified && contexts !== undefined ? { ...found, contexts } : found
  }
}

/**
 * The signer of a status list: the issuer of the credential itself, or one that its trust
 * entry names for status, by the entry's own mechanism; or one under the anchors that it names.
 */
export function statusSignerFinder(
  entries: readonly TrustEntry[],
  type: string,
  context: TrustContext,
): FindTrustedIssuer {
  return async (claim) => {
    const names = context.issuerKeys.candidates(claim)
    for (const entry of entries) {
      const { statusIssuers = [], statusAnchors, issuer } = entry
      const name = names.find((each) => each === issuer || statusIssuers.includes(each))
      if (claim.purpose !== 'status' || (!name && !statusAnchors)) continue
      // Keys pinned for the issuer are not those of somebody else who signs its lists.
      const { keys: _, ...rest } = entry
      const signer = !name || name === issuer ? entry : { ...rest, issuer: name }
      return withKeys([signer], claim, type, context)
    }
    return refuse('issuer.untrusted', 'the signer may not say the status of these credentials')
  }
}

/** Trust entries under any name that the claim's issuer goes by, all of one mechanism; or anchors. */
async function entriesFor(
  claim: IssuerClaim,
  type: string,
  { trust, issuerKeys, at }: TrustContext,
): Promise<Verified<{ readonly entries: readonly AnyTrustEntry[] }>> {
  const names = issuerKeys.candidates(claim)
  let misnamed: Awaited<ReturnType<typeof trusted>> | undefined
  for (const issuer of names) {
    const found = await trusted(trust, { issuer, type, at })
    if (!found.verified) return found
    const [entry] = found.entries
    if (!entry) continue
    // `iss` is no name of a leaf, which has its own: by it go those who are found otherwise.
    const known = issuer !== claim.issuer || names.length < 2 || names.includes(issuer, 1)
    if (known || entry.mechanism !== 'x509') return found
    misnamed = found
  }
  // A policy that fails trusts nobody.
  const entries = claim.x5c && (await trust.anchored?.({ type, at }).catch(() => undefined))
  if (entries?.length) return { verified: true, checks: [], entries }
  // Who is trusted by a name that the certificate has not hears just that, from the keys.
  return (
    misnamed ??
    refused([
      problem('issuer.untrusted', 'the issuer is not trusted for this type'),
      ...(trust.problems?.(at) ?? []),
    ])
  )
}

/** The entries of a policy for one issuer and type; a policy that fails trusts nobody. */
export async function trusted(
  trust: TrustPolicy,
  query: { readonly issuer: string; readonly type: string; readonly at: Date },
): Promise<Verified<{ readonly entries: readonly TrustEntry[] }>> {
  let entries: readonly TrustEntry[]
  try {
    const answer = await trust.entries(query)
    entries = answer.filter(
      (entry): entry is TrustEntry =>
        entry.issuer === query.issuer && entry.types.includes(query.type),
    )
  } catch {
    return refuse('issuer.untrusted', 'the trust policy could not answer')
  }
  if (new Set(entries.map(({ mechanism }) => mechanism)).size > 1) {
    return refuse('issuer.mechanism-mismatch', 'the policy gives this issuer two mechanisms')
  }
  return { verified: true, checks: [], entries }
}

async function withKeys(
  entries: readonly AnyTrustEntry[],
  claim: IssuerClaim,
  type: string,
  { issuerKeys, at, signal, certified }: TrustContext,
): Promise<Verified<TrustedIssuer>> {
  const pinned = entries.filter(({ keys }) => keys !== undefined)
  const keys: Jwk[] = []
  let refusal = refuse('issuer.key-not-found', 'the issuer has no such key')
  let certificate: IssuerCertificate | undefined
  let entry = entries[0]
  for (const each of pinned.length > 0 ? pinned : entries) {
    const found = await issuerKeys.find(each, claim, { at, ...(signal && { signal }) })
    if (!found.verified) {
      refusal = found
      continue
    }
    keys.push(...found.keys)
    certificate = found.certificate
    if (certificate && found.entry) {
      entry = found.entry
      certified.set(certificate, found.entry)
      break
    }
  }
  if (keys.length === 0 || !entry?.issuer) return refusal
  const { issuer, mechanism } = entry
  return {
    verified: true,
    checks: [],
    issuer,
    type,
    keys,
    mechanism,
    ...(certificate && { certificate }),
  }
}

/** A refusal for one reason. */
export function refuse(code: ProblemCode, detail: string): Refused {
  return refused([problem(code, detail)])
}
