import {
  type Check,
  checksUnder,
  type Json,
  type JsonObject,
  type Problem,
  problem,
  problemsUnder,
  refused,
  type Verified,
  validatePresentation,
} from '@asoba/core'
import { check, idOf, listOf } from '@asoba/core/judge'
import { baseContextV1, validatePresentationV1 } from '@asoba/core/v1'
import { verifyProof } from '@asoba/data-integrity'
import { holderKeys } from '@asoba/did'
import { tokenInEnvelope, verifyPresentation as verifyVpJwt } from '@asoba/jwt'
import { verifyVpSdJwt } from '@asoba/sd-jwt/vcdm'
import { clockTolerance, type JudgeServices, judgeCredential, maxProofAge } from './judge.ts'
import { holdsSdJwt } from './sd-jwt.ts'
import { trustedDids } from './trust.ts'

/** For whom a presentation has to be made, and what it has to answer. */
export interface PresentationAddress {
  readonly domain: string
  readonly challenge: string
}

/** Credentials in one presentation at most. */
const maxCredentials = 16

/**
 * Judges a presentation: its holder's proof for this domain and challenge, and each credential in
 * it like a lone one. Who presents need not be the subject, for VC-API knows no types of which that
 * could be demanded; the answer names the holder. With an embedded proof it may hold none, which
 * says no more than who answers.
 */
export async function judgePresentation(
  value: Json | undefined,
  address: PresentationAddress,
  services: JudgeServices,
): Promise<Verified<{ readonly holder: string }>> {
  const { resolver, trust, statusIssuer } = services
  const enveloped = {
    audience: address.domain,
    nonce: address.challenge,
    now: new Date(),
    clockTolerance,
    maxProofAge,
    findIssuer: trustedDids(trust, resolver, [statusIssuer]),
    findHolderKey: holderKeys(resolver),
    holderBinding: () => 'bearer' as const,
  }
  if (tokenInEnvelope(value, 'vp') !== undefined) return verifyVpJwt(value, enveloped)
  if (holdsSdJwt(value, 'vp')) return verifyVpSdJwt(value, enveloped)
  return judgeEmbedded(value, address, services)
}

async function judgeEmbedded(
  value: Json | undefined,
  address: PresentationAddress,
  services: JudgeServices,
): Promise<Verified<{ readonly holder: string }>> {
  const { suites, resolver } = services
  const proven = await verifyProof(value, {
    kind: 'presentation',
    ...address,
    suites,
    proofPurpose: 'authentication',
    now: new Date(),
    clockTolerance,
    findKey: holderKeys(resolver),
  })
  if (!proven.verified && proven.problems.some(({ code }) => code === 'input.malformed')) {
    return proven
  }
  const sent = value as JsonObject
  const [first] = [sent['@context']].flat()
  const form = [...(first === baseContextV1 ? validatePresentationV1 : validatePresentation)(value)]
  const holders = new Set(proven.verified ? proven.proofs.map(({ controller }) => controller) : [])
  const named = proven.verified ? idOf(proven.document['holder']) : undefined
  if (proven.verified && (holders.size > 1 || (named !== undefined && !holders.has(named)))) {
    const detail = 'the holder does not control the key of the proof'
    form.push(problem('holder.key-mismatch', detail, '/holder'))
  }
  const problems: Problem[] = [...form, ...(proven.verified ? [] : proven.problems)]
  const checks: Check[] = [...proven.checks, check('schema', form)]
  // Those that the proof holds; where it holds nothing, each is judged to say every problem.
  const credentials = proven.verified ? proven.credentials : listOf(sent['verifiableCredential'])
  if (credentials.length > maxCredentials) {
    return refused([...problems, problem('presentation.malformed', 'too many credentials')], checks)
  }
  for (const [index, one] of credentials.entries()) {
    const path = `/verifiableCredential/${index}`
    const judged = await judgeCredential(one, { domain: undefined, challenge: undefined }, services)
    checks.push(...checksUnder(path, judged.checks))
    if (!judged.verified) problems.push(...problemsUnder(path, judged.problems))
  }
  const [holder] = holders
  if (problems.length > 0 || holder === undefined) return refused(problems, checks)
  return { verified: true, checks, holder }
}
