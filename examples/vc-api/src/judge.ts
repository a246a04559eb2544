import {
  type Check,
  fromUtf8,
  isJsonObject,
  type Json,
  parseJson,
  problem,
  refused,
  type StatusSource,
  type Verified,
  validateCredential,
} from '@asoba/core'
import type { CredentialContext, JudgedCredential } from '@asoba/core/judge'
import { baseContextV1, validateCredentialV1 } from '@asoba/core/v1'
import { type Cryptosuite, verifyCredential, verifyProof } from '@asoba/data-integrity'
import type { DidResolver } from '@asoba/did'
import { tokenInEnvelope, verifyCredential as verifyJwt } from '@asoba/jwt'
import { verifyVcSdJwt } from '@asoba/sd-jwt/vcdm'
import { bitstringStatus, checkStatus, vcJwtList } from '@asoba/status'
import { relatedProblems } from './contexts.ts'
import { holdsSdJwt } from './sd-jwt.ts'
import { proofKeys, type Trust, trustedDids } from './trust.ts'

/** What judging needs of the server. */
export interface JudgeServices {
  readonly suites: readonly Cryptosuite[]
  readonly resolver: DidResolver
  readonly trust: Trust
  /** Who signs our own status lists. */
  readonly statusIssuer: string
  readonly statusSource: StatusSource
}

/** For whom and in answer to what something was made; undefined where the caller does not say. */
export interface Address {
  readonly domain: string | undefined
  readonly challenge: string | undefined
}

/** Tolerated difference of clocks, in seconds. */
export const clockTolerance = 60
/** How old a holder's proof may be, in seconds. */
export const maxProofAge = 600

/**
 * Judges a credential in whatever way it is secured: form, issuer, signature, validity, related
 * resources that are here, and status where it has one. Who shows it is not asked, but for a
 * `vc+sd-jwt` that names its holder's key.
 */
export async function judgeCredential(
  value: Json | undefined,
  address: Address,
  services: JudgeServices,
): Promise<Verified<JudgedCredential>> {
  const { suites, statusIssuer, statusSource: source } = services
  const findIssuer = trustedDids(services.trust, services.resolver, [statusIssuer])
  const context = { now: new Date(), clockTolerance, findIssuer }
  const judged = await judgeSecured(value, address, { ...context, suites })
  if (!judged.verified) return judged
  const related = await relatedProblems(judged.credential)
  const { checks, ...rest } = judged
  if (related.length > 0) return refused(related, checks)
  if (judged.status.length === 0) return { ...rest, checks: [...checks, noStatus] }
  const issuer = { ...judged, statusIssuers: [statusIssuer] }
  const mechanisms = [listMechanism(suites)]
  const status = await checkStatus(judged.status, { ...context, issuer, source, mechanisms })
  if (!status.verified) return refused(status.problems, [...checks, ...status.checks])
  return { ...rest, checks: [...checks, ...status.checks] }
}

const noStatus: Check = { check: 'status', path: '', outcome: 'not-applicable' }

async function judgeSecured(
  value: Json | undefined,
  address: Address,
  context: CredentialContext & { readonly suites: readonly Cryptosuite[] },
): Promise<Verified<JudgedCredential>> {
  if (tokenInEnvelope(value, 'vc') !== undefined) return verifyJwt(value, context)
  if (holdsSdJwt(value, 'vc')) {
    // Where nobody says for whom, no key binding can be right.
    const { domain: audience = crypto.randomUUID(), challenge: nonce = crypto.randomUUID() } =
      address
    const holderBinding = () => 'bearer' as const
    return verifyVcSdJwt(value, { ...context, audience, nonce, maxProofAge, holderBinding })
  }
  const judged = await verifyCredential(value, context)
  if (!judged.verified || !isAsked(address)) return judged
  // A credential seldom says for whom; where that is asked, all of its proofs have to.
  const keys = context.findIssuer
  const proven = await verifyProof(value, {
    kind: 'credential',
    ...context,
    ...address,
    proofPurpose: 'assertionMethod',
    findKey: async (kid) => {
      const { issuer } = judged
      const found = await keys({
        issuer,
        kid,
        types: [],
        algorithm: 'EdDSA',
        purpose: 'credential',
      })
      const [publicJwk] = found.verified ? found.keys : []
      if (!found.verified) return found
      if (publicJwk === undefined) return refused([problem('issuer.key-not-found', 'no such key')])
      return { verified: true, checks: [], publicJwk, controller: issuer }
    },
  })
  return proven.verified ? judged : refused(proven.problems, [...judged.checks, ...proven.checks])
}

function isAsked({ domain, challenge }: Address): boolean {
  return domain !== undefined || challenge !== undefined
}

/** Status lists with a proof in them, or as `vc+jwt`. */
function listMechanism(suites: readonly Cryptosuite[]) {
  return bitstringStatus({
    verify: async (document, context) => {
      const text = fromUtf8(document.bytes)
      const value = text?.startsWith('{') ? parseJson(text) : undefined
      if (value === undefined) return vcJwtList(document, context)
      return verifyCredential(value, { ...context, suites })
    },
  })
}

/**
 * Judges the proofs of a credential by whoever's keys they name, and its form: not whether that is
 * its issuer, nor whether it is in force. The answer names who made each proof.
 */
export async function judgeProofs(
  value: Json | undefined,
  address: Address,
  { suites, resolver }: JudgeServices,
): Promise<Verified<{ readonly controllers: readonly string[] }>> {
  const proven = await verifyProof(value, {
    kind: 'credential',
    ...address,
    suites,
    proofPurpose: 'assertionMethod',
    now: new Date(),
    clockTolerance,
    findKey: proofKeys(resolver),
  })
  const [first] = isJsonObject(value) ? [value['@context']].flat() : []
  const form = (first === baseContextV1 ? validateCredentialV1 : validateCredential)(value)
  if (!proven.verified || form.length > 0) {
    return refused([...(proven.verified ? [] : proven.problems), ...form], proven.checks)
  }
  const controllers = proven.proofs.map(({ controller }) => controller)
  return { verified: true, checks: proven.checks, controllers }
}
