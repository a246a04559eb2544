import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type ClaimsPath,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  type PrivateJwk,
  type Problem,
  parseJson,
} from '@asoba/core'
import { jwkSigner } from '@asoba/did'
import {
  type PresentationVerification,
  parseJws,
  signCredential,
  signPresentation,
  verifyCredential,
  verifyPresentation,
} from '@asoba/jwt'
import { issueVcSdJwt, issueVpSdJwt, verifyVcSdJwt, verifyVpSdJwt } from '@asoba/sd-jwt/vcdm'

// The command that the W3C's suite for VC-JOSE-COSE runs, instead of an image of its own:
// issue|verify --input FILE --key FILE --feature NAME [--sd JSON] --output FILE

interface Method {
  readonly id: string
  readonly controller: string
  readonly publicKeyJwk: Jwk
  readonly secretKeyJwk: PrivateJwk
}

/** What the data model has beside the claims. */
const members = [
  ...['@context', 'id', 'type', 'name', 'description', 'issuer', 'credentialSubject'],
  ...['validFrom', 'validUntil', 'credentialStatus', 'credentialSchema', 'relatedResource'],
  ...['refreshService', 'termsOfUse', 'evidence', 'confidenceMethod', 'renderMethod'],
]

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    input: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    feature: { type: 'string', default: '' },
    sd: { type: 'string', default: '[]' },
    output: { type: 'string', default: '' },
  },
})
const text = readFileSync(values.input, 'utf8').trim()
const method = readMethod(values.key)
const isPresentation = values.feature.startsWith('presentation')
const isSdJwt = values.feature.endsWith('sdjwt')
const outcome = positionals[0] === 'issue' ? await issue() : await verify()
writeFileSync(values.output, `${JSON.stringify(outcome)}\n`)

function readMethod(file: string): Method {
  return JSON.parse(readFileSync(file, 'utf8')) as Method
}

async function issue(): Promise<JsonObject> {
  const document = parseJson(text)
  if (!isJsonObject(document)) return { result: 'failure' }
  const signer = await jwkSigner({
    privateJwk: method.secretKeyJwk,
    verificationMethod: method.id,
  })
  const to = { audience: 'https://verifier.example', nonce: 'n-0S6_WzA2Mj', now: new Date() }
  const disclosable = (JSON.parse(values.sd) as string[]).map(pathOf)
  try {
    if (!isPresentation && hasStrangers(document)) return { result: 'failure' }
    if (!isSdJwt) {
      const sign = isPresentation
        ? signPresentation(document, to, signer)
        : signCredential(document, signer)
      return { result: 'success', data: await sign }
    }
    const options = { signer, disclosable }
    const sign = isPresentation
      ? issueVpSdJwt(document, to, options)
      : issueVcSdJwt(document, options)
    return { result: 'success', data: await sign }
  } catch {
    return { result: 'failure' }
  }
}

/** `credentialSubject.phoneNumbers[0]` as a path. */
function pathOf(written: string): ClaimsPath {
  return written
    .split(/\.|(?=\[)/)
    .map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part))
}

/**
 * Whether the credential itself, beside its claims, has a member that the data model has not. The
 * packages secure such a credential as it is; the suite wants an issuer who does not (case 5), and
 * one may well say so of a `validUntill`.
 */
function hasStrangers(credential: JsonObject): boolean {
  return Object.keys(credential).some((name) => !members.includes(name))
}

async function verify(): Promise<JsonObject> {
  const problems = isPresentation ? await presentationProblems() : await credentialProblems()
  return { result: problems.length === 0 ? 'success' : 'failure', problems: problems.map(codeOf) }
}

function codeOf({ code, path = '' }: Problem): string {
  return `${code} ${path}`
}

/** Credentials are judged by the key that the suite names and by no other. */
async function credentialProblems(wire: Json = text, keys: readonly Jwk[] = [method.publicKeyJwk]) {
  const context = contextOf(keys)
  const judged = holdsSdJwt(wire)
    ? await verifyVcSdJwt(wire, context)
    : await verifyCredential(wire, context)
  return judged.verified ? [] : judged.problems
}

function holdsSdJwt(wire: Json): boolean {
  return isJsonObject(wire) ? mediaTypeOf(wire) === 'application/vc+sd-jwt' : isSdJwt
}

/**
 * Presentations are judged by the key that the suite names, and the credentials in them by every
 * key of the controller. The inputs are made for nobody, so that they are for another audience and
 * answer nothing is left out of the judgement. So is a credential in an envelope of COSE.
 */
async function presentationProblems(): Promise<readonly Problem[]> {
  const context = contextOf(allKeys())
  const judged = isSdJwt
    ? await verifyVpSdJwt(text, context)
    : await verifyPresentation(text, context)
  if (judged.verified) return []
  const unaddressed = [
    'holder.audience-mismatch',
    'holder.nonce-mismatch',
    ...(claimsOf()?.['iat'] === undefined ? ['holder.proof-malformed'] : []),
  ]
  const problems = judged.problems.filter(({ code }) => !unaddressed.includes(code))
  // A vp+jwt of ours holds vc+jwt alone: other envelopes are judged here, one by one.
  const inside = [claimsOf()?.['verifiableCredential'] ?? []].flat()
  const others: Problem[] = []
  for (const [index, one] of inside.entries()) {
    const type = mediaTypeOf(one)
    if (type !== 'application/vc+sd-jwt' && type !== 'application/vc+cose') continue
    const path = `/verifiableCredential/${index}`
    const at = problems.findIndex((found) => found.path === path)
    if (problems[at]?.code === 'presentation.malformed') problems.splice(at, 1)
    if (type === 'application/vc+sd-jwt') others.push(...(await credentialProblems(one, allKeys())))
  }
  return [...problems, ...others]
}

function claimsOf(): JsonObject | undefined {
  const jws = parseJws(text.split('~', 1)[0])
  return jws.verified ? jws.claims : undefined
}

function mediaTypeOf(envelope: Json): string | undefined {
  const id = isJsonObject(envelope) ? envelope['id'] : undefined
  return typeof id === 'string' ? /^data:([^;,]+)/.exec(id)?.[1] : undefined
}

function allKeys(): readonly Jwk[] {
  return ['ed25519', 'p256', 'p384', 'p521'].map(
    (name) => readMethod(join(dirname(values.key), `vm-${name}.json`)).publicKeyJwk,
  )
}

function contextOf(keys: readonly Jwk[]): PresentationVerification {
  const { controller, publicKeyJwk: publicJwk } = method
  const { iat } = claimsOf() ?? {}
  return {
    audience: 'https://verifier.example',
    nonce: 'n-0S6_WzA2Mj',
    // The presentations of the suite were good for a day of December 2024.
    now: isPresentation && typeof iat === 'number' ? new Date(iat * 1000) : new Date(),
    clockTolerance: 60,
    maxProofAge: 86_400,
    findIssuer: async ({ issuer = '' }) => ({
      verified: true,
      checks: [],
      issuer,
      type: 'any',
      mechanism: 'https',
      keys,
    }),
    findHolderKey: async () => ({ verified: true, checks: [], controller, publicJwk }),
    holderBinding: () => 'bearer',
  }
}
