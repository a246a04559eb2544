import {
  type Check,
  equalBytes,
  isJsonObject,
  type JsonObject,
  type Jwk,
  type Problem,
  problem,
  refused,
  scopeKind,
  serviceScope,
  toBase64url,
  utf8,
  type VerificationContext,
  type Verified,
  type VerifiedCredential,
  validateCredential,
} from '@asoba/core'
import { check, idOf, periodOf, stringsOf } from '@asoba/core/judge'
import { problemOf, proofConfig, type Statements } from '@asoba/data-integrity/primitives'
import { type DisclosedMessage, type Profile, verifyProof } from '../scheme.ts'
import { strippedClaims } from '../shape/complete.ts'
import { keyBytes } from '../suite/key-bytes.ts'
import { presentationHeader } from '../suite/presentation-header.ts'
import { type DerivedProofValue, decodeDerivedProof } from '../suite/proof-value.ts'
import { readShown } from '../suite/read-shown.ts'
import { partsOf, type Settings, sameTexts } from './profiles.ts'

const proofMembers = ['cryptosuite', 'proofPurpose', 'proofValue', 'type', 'verificationMethod']

/**
 * Judges a derived credential by the profile that the verifier has, and by nothing that is in the
 * message: type, issuer, time, shape, presentation header, scope, proof. Says every problem found;
 * never throws, whatever it is given.
 *
 * @see spec/bbs-profile.md section 3
 */
export async function verifyPresented(
  settings: Settings,
  presented: unknown,
  context: VerificationContext,
): Promise<Verified<VerifiedCredential>> {
  const parts = partsOf(presented)
  if (parts === undefined) {
    return refused([problem('credential.malformed', 'it is no credential with one BBS proof')])
  }
  const { credential: sent, proof } = parts
  // What is read is what was signed: only the shape is judged by the JSON that was sent.
  const opened = await openCredential(settings, parts)
  const credential = opened.verified ? opened.document : sent
  const problems: Problem[] = []
  const checks: Check[] = []
  const judge = (name: string, found: readonly Problem[]): void => {
    problems.push(...found)
    checks.push(check(name, found))
  }
  const type = settings.typeOf(sent['type'])
  const issuer = idOf(credential['issuer'])
  judge('schema', [
    ...(opened.verified ? [] : opened.problems),
    ...validateCredential(sent, { disclosed: 'some' }),
    ...(type === undefined
      ? [problem('credential.type-unknown', 'the format has no such type', '/type')]
      : shapeProblems(sent, type)),
    ...proofProblems(proof, issuer),
  ])
  const period = periodOf(
    {},
    { from: credential['validFrom'], until: credential['validUntil'] },
    context,
  )
  judge('validity', [...period.problems, ...epochProblems(period, settings.epochDays)])

  const method = proof['verificationMethod']
  const found = await context.findIssuer({
    ...(issuer !== undefined && { issuer }),
    types: stringsOf(credential['type']),
    algorithm: 'BBS',
    ...(typeof method === 'string' && { kid: method }),
    purpose: 'credential',
  })
  judge('issuer-trust', found.verified ? [] : found.problems)

  const value = decodeDerivedProof(settings.feature, proof['proofValue'])
  const scope = context.scope ?? serviceScope(context.audience)
  judge('holder-binding', await bindingProblems(settings, value, scope, context))
  if (value === undefined || type === undefined || !found.verified || !opened.verified) {
    return refused(problems, checks)
  }
  const { statements } = opened
  judge(
    'signature',
    await signatureProblems(settings, { statements, value, type, scope, keys: found.keys }),
  )
  if (problems.length > 0) return refused(problems, checks)

  const { credentialSubject } = credential
  const claims = isJsonObject(credentialSubject) ? credentialSubject : {}
  const { type: subjectType, ...own } = claims
  const subject = strippedClaims(own)
  return {
    verified: true,
    checks,
    format: settings.id,
    type: found.type,
    issuer: found.issuer,
    mechanism: found.mechanism,
    claims: {
      ...credential,
      credentialSubject: { ...(subjectType !== undefined && { type: subjectType }), ...subject },
    },
    subject,
    ...(period.validFrom && { validFrom: period.validFrom }),
    ...(period.validUntil && { validUntil: period.validUntil }),
    status: [],
    issuedMark: undefined,
    holder: { kind: 'commitment', proven: true },
    ...(value.nym && { pseudonym: toBase64url(value.nym.pseudonym) }),
  }
}

/** The credential as its statements make it, and these with those of the proof, whose options are fixed. */
async function openCredential(
  { processor }: Settings,
  { credential, proof }: { readonly credential: JsonObject; readonly proof: JsonObject },
): Promise<Verified<{ readonly document: JsonObject; readonly statements: Statements }>> {
  try {
    const statements = {
      document: await processor.toNQuads(credential),
      proof: await processor.toNQuads(proofConfig(proof, credential)),
    }
    const type = 'https://www.w3.org/2018/credentials#VerifiableCredential'
    const contexts = credential['@context'] ?? []
    const { document } = await processor.read(statements.document, contexts, { type })
    return { verified: true, checks: [], document, statements }
  } catch (error) {
    return refused([problemOf(error)])
  }
}

/** What would mark a credential, or is not of its type. */
function shapeProblems(
  credential: JsonObject,
  type: { readonly contexts: readonly string[]; readonly subjectTypes: readonly string[] },
): readonly Problem[] {
  const wrong: Problem[] = []
  const found = (detail: string, path: string): void => {
    wrong.push(problem('credential.malformed', detail, path))
  }
  const { credentialSubject: subject } = credential
  if (!sameTexts(credential['@context'], type.contexts)) {
    found('the contexts are not those of the type', '/@context')
  }
  if (typeof credential['issuer'] !== 'string') found('the issuer is no text', '/issuer')
  const members = ['@context', 'credentialSubject', 'issuer', 'type', 'validFrom', 'validUntil']
  for (const name of ['id', 'credentialStatus']) {
    if (Object.hasOwn(credential, name))
      found('a BBS credential has none: it would be a mark', `/${name}`)
  }
  const known = new Set([...members, 'id', 'credentialStatus'])
  if (Object.keys(credential).some((name) => !known.has(name))) {
    found('the credential has a member that the profile has not', '')
  }
  if (!isJsonObject(subject)) found('there is not one subject', '/credentialSubject')
  else {
    if (Object.hasOwn(subject, 'id')) found('the subject has an id', '/credentialSubject/id')
    if (!sameTexts(subject['type'], type.subjectTypes)) {
      found('the types of the subject are not those of the type', '/credentialSubject/type')
    }
  }
  return wrong
}

function proofProblems(proof: JsonObject, issuer: string | undefined): readonly Problem[] {
  const wrong: Problem[] = []
  const { verificationMethod: method } = proof
  if (Object.keys(proof).some((name) => !proofMembers.includes(name))) {
    wrong.push(problem('proof.malformed', 'the proof has an option that would be a mark', '/proof'))
  }
  if (proof['proofPurpose'] !== 'assertionMethod') {
    wrong.push(
      problem(
        'proof.purpose-mismatch',
        'proofPurpose is not assertionMethod',
        '/proof/proofPurpose',
      ),
    )
  }
  const path = '/proof/verificationMethod'
  if (typeof method !== 'string') wrong.push(problem('proof.malformed', 'it is no text', path))
  else if (issuer?.startsWith('did:') && !method.startsWith(`${issuer}#`)) {
    wrong.push(problem('issuer.key-not-found', 'the proof names a key of somebody else', path))
  }
  return wrong
}

function epochProblems(
  { validFrom, validUntil }: { readonly validFrom?: Date; readonly validUntil?: Date },
  epochDays: number,
): readonly Problem[] {
  const epoch = epochDays * 86_400_000
  const from = validFrom?.getTime() ?? Number.NaN
  const until = validUntil?.getTime() ?? Number.NaN
  return from % epoch === 0 && until === from + epoch
    ? []
    : [problem('credential.malformed', 'it is not valid for just one epoch', '/validUntil')]
}

async function bindingProblems(
  settings: Settings,
  value: DerivedProofValue | undefined,
  scope: string,
  context: VerificationContext,
): Promise<readonly Problem[]> {
  const path = '/proof/proofValue'
  if (value === undefined) {
    return [problem('proof.malformed', 'proofValue is no derived proof of the profile', path)]
  }
  const wrong: Problem[] = []
  let expected: Uint8Array | undefined
  try {
    expected = await presentationHeader(context)
  } catch {
    // Only a payload hash of another length, which nobody can have answered.
  }
  if (expected === undefined || !equalBytes(value.presentationHeader, expected)) {
    wrong.push(problem('holder.nonce-mismatch', 'the proof does not answer this request', path))
  }
  if (settings.nyms === 0) {
    if (context.scope !== undefined) {
      wrong.push(problem('holder.scope-mismatch', 'credentials of this profile have no pseudonym'))
    }
  } else if (value.nym?.domain !== scope || scopeKind(scope) !== settings.scopes) {
    wrong.push(
      problem('holder.scope-mismatch', 'the pseudonym is not of the scope asked for', path),
    )
  }
  return wrong
}

async function signatureProblems(
  settings: Settings,
  input: {
    readonly statements: Statements
    readonly value: DerivedProofValue
    readonly type: Parameters<Settings['shapeOf']>[0]
    readonly scope: string
    readonly keys: readonly Jwk[]
  },
): Promise<readonly Problem[]> {
  const { statements, value, type, scope, keys } = input
  const { messages, profile } = await settings.shapeOf(type)
  if (value.messages !== messages) {
    return [problem('proof.malformed', 'it was signed with another number of messages')]
  }
  try {
    const shown = await readShown(settings.processor, { statements, value })
    if (!shown.verified) return shown.problems
    const { header, disclosed } = shown
    const right = keys.some((key) => {
      const publicKey = keyBytes(key)
      return (
        publicKey !== undefined && holds(profile, { publicKey, header, disclosed, value, scope })
      )
    })
    return right ? [] : [problem('proof.signature-invalid', 'the proof is wrong', '/proof')]
  } catch (error) {
    return [problemOf(error)]
  }
}

function holds(
  profile: Profile<'blind'> | Profile<'pseudonym'>,
  input: {
    readonly publicKey: Uint8Array
    readonly header: Uint8Array
    readonly disclosed: readonly DisclosedMessage[]
    readonly value: DerivedProofValue
    readonly scope: string
  },
): boolean {
  const { publicKey, header, disclosed, value, scope } = input
  const statement = {
    publicKey,
    header,
    presentationHeader: value.presentationHeader,
    disclosed,
    disclosedCommitted: [],
    proof: value.proof,
  }
  if (profile.kind === 'blind') return verifyProof(profile, statement)
  const pseudonym = value.nym?.pseudonym ?? new Uint8Array()
  return verifyProof(profile, { ...statement, scope: utf8(scope), pseudonym })
}
