import { canonicalize, isJsonObject, type JsonObject } from '@asoba/core'
import { strippedClaims } from '../shape/complete.ts'
import { fixedCredential } from '../shape/specimen.ts'
import type { BbsCredentialType } from './profiles.ts'

/**
 * The credential as everybody with these claims has it, in one order of members; undefined where it
 * says the same in other words. RDF does not see how a date is written, how often a context stands
 * there, or in which order types do, and so the signature holds; but whoever is shown it sees it.
 *
 * @throws AsobaError `issuer.claims-invalid`
 */
export function asEverybodyHas(
  credential: JsonObject,
  type: BbsCredentialType,
): JsonObject | undefined {
  const { issuer, credentialSubject: subject } = credential
  const [validFrom, validUntil] = ['validFrom', 'validUntil'].map(
    (name) => new Date(String(credential[name])),
  ) as [Date, Date]
  if (typeof issuer !== 'string' || !isJsonObject(subject)) return undefined
  if (Number.isNaN(validFrom.getTime()) || Number.isNaN(validUntil.getTime())) return undefined
  const { type: _, ...own } = subject
  const claims = strippedClaims(own)
  const expected = fixedCredential({ type, issuer, validFrom, validUntil, claims })
  return canonicalize(expected) === canonicalize(credential) ? expected : undefined
}

/** Whether a proof has the options that everybody’s has, and names a key of the issuer. */
export function hasOnlyFixedOptions(
  { proofValue: _, ...options }: JsonObject,
  { issuer }: JsonObject,
): boolean {
  const { verificationMethod: method, proofPurpose } = options
  return (
    Object.keys(options).sort().join() === 'cryptosuite,proofPurpose,type,verificationMethod' &&
    proofPurpose === 'assertionMethod' &&
    typeof method === 'string' &&
    (!String(issuer).startsWith('did:') || method.startsWith(`${issuer}#`))
  )
}
