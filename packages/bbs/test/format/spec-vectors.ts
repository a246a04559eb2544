// Builds spec/vectors/bbs-2023. Everything comes from labels, so that it is the same each time; the
// vectors list every random scalar and key, so that nobody needs to know how.
import { encodeScalar, hashToScalar } from '@asoba/bls12-381'
import {
  type ClaimsPath,
  electionScope,
  type JsonObject,
  type PresentationContext,
  serviceScope,
  toBase64url,
} from '@asoba/core'
import { ageThresholds, nationTypes, residenceThresholds } from '@asoba/credentials'
import { toPointer } from '@asoba/data-integrity/primitives'
import {
  type Bbs2023Profile,
  type BbsCredentialType,
  type Settings,
  schemeProfile,
  settingsOf,
} from '../../src/format/profiles.ts'
import { bbsJwk } from '../../src/index.ts'
import { commitWith } from '../../src/scheme/commit.ts'
import { proveWith, type RandomScalars } from '../../src/scheme/prove.ts'
import {
  blindSign,
  nymSecretsOf,
  type Profile,
  pseudonymProfile,
  publicKeyOf,
} from '../../src/scheme.ts'
import { drawKey, rolesOf } from '../../src/shape/labels.ts'
import { fixedCredential, mandatoryPointers } from '../../src/shape/specimen.ts'
import { disclose } from '../../src/suite/disclose.ts'
import { presentationHeader } from '../../src/suite/presentation-header.ts'
import { decodeBaseProof, encodeDerivedProof } from '../../src/suite/proof-value.ts'
import { baseProofData, signBase } from '../../src/suite/sign-base.ts'
import { hex, text, unhex } from '../scheme/support.ts'

/** What issuer, holder and verifier agree on, on the wire of the vectors. */
export interface ProfileJson {
  readonly type: 'citizenship' | 'residency'
  readonly nyms: number
  readonly scopes: 'service' | 'election'
  readonly epoch_days: number
}

/** A request as its verifier made it; members as in section 5 of the profile. */
export interface RequestJson {
  readonly audience: string
  readonly nonce: string
  readonly response_uri: string
  readonly encryption_key_thumbprint: string
  readonly purpose: 'present' | 'roll' | 'poll'
  /** Of what was said together with the presentation; null where nothing was. */
  readonly payload_hash: string | null
  /** Null without nyms. */
  readonly scope: string | null
}

/** One presentation of a credential. */
export interface PresentationJson {
  readonly name: string
  readonly request: RequestJson
  readonly disclosed_paths: readonly (readonly string[])[]
  readonly presentation_header: string
  readonly mandatory_indexes: readonly number[]
  readonly selective_indexes: readonly number[]
  readonly labels: Readonly<Record<string, string>>
  readonly proof_random: {
    readonly r1: string
    readonly r2: string
    readonly e_tilde: string
    readonly r1_tilde: string
    readonly r3_tilde: string
    readonly m_tildes: readonly string[]
  }
  readonly pseudonym: string | null
  /** What the verifier learns of the subject. */
  readonly claims: JsonObject
  readonly credential: JsonObject
}

/** A credential from claims to presentations, byte for byte. */
export interface ValidCase {
  readonly name: string
  readonly profile: ProfileJson
  /** Seconds. */
  readonly valid_from: number
  readonly valid_until: number
  readonly claims: JsonObject
  readonly secret_prover_blind: string
  readonly committed_messages: readonly string[]
  readonly prover_nyms: readonly string[]
  readonly commit_random: { readonly s_tilde: string; readonly m_tildes: readonly string[] }
  readonly commitment_with_proof: string
  readonly signer_nym_entropy: string | null
  readonly nym_secrets: readonly string[]
  readonly hmac_key: string
  readonly bbs_header: string
  readonly messages: readonly string[]
  readonly credential: JsonObject
  readonly presentations: readonly PresentationJson[]
}

/** Whom a verifier trusts, and what time it is. */
export interface ReaderJson {
  readonly issuer: string
  readonly public_jwk: JsonObject
  /** Seconds. */
  readonly now: number
  readonly clock_tolerance: number
}

/** The first of the two files. */
export interface ValidVectors {
  readonly description: string
  readonly ciphersuite: string
  readonly origin: string
  readonly issuer: {
    readonly secret_key: string
    readonly public_key: string
    readonly verification_method: string
  }
  readonly reader: ReaderJson
  readonly cases: readonly ValidCase[]
}

const origin = 'https://nation.example'
const nation = nationTypes({ origin })
const scalarOf = (label: string) => hashToScalar(text(label), text('asoba/spec/vectors/bbs-2023'))
const scalarHex = (scalar: bigint) => hex(encodeScalar(scalar))

/** 32 bytes that are a scalar, from a label. */
export const bytesFor = (label: string): Uint8Array => encodeScalar(scalarOf(label))

/** So many scalars from a label. */
export const randomFor =
  (label: string): RandomScalars =>
  (count) =>
    Array.from({ length: count }, (_, at) => scalarOf(`${label} ${at}`))

export const secretKey: Uint8Array = bytesFor('issuer')
export const publicKey: Uint8Array = publicKeyOf(secretKey)
export const issuer = 'did:web:registry.example'
const verificationMethod = `${issuer}#bbs-1`
const [validFrom, validUntil] = [new Date('2026-09-04'), new Date('2026-12-03')]
const now = new Date('2026-11-24T12:00:00Z')

/** Who reads all of the vectors. */
export const reader: ReaderJson = {
  issuer,
  public_jwk: { ...bbsJwk(publicKey) },
  now: now.getTime() / 1000,
  clock_tolerance: 60,
}

const evidence = {
  trust_framework: 'asoba',
  assurance_level: 'P2',
  month: '2026-08',
  check_methods: ['vpip'],
}
export const citizen: JsonObject = {
  citizen: true,
  given_name: 'Alesia',
  family_name: 'Prykladnaja',
  'given_name#be': 'Алеся',
  birthdate: '1991-03-25',
  nationalities: ['QS', 'QU'],
  age_equal_or_over: ageThresholds('1991-03-25', validFrom),
  evidence,
}
const resident: JsonObject = {
  resident: true,
  given_name: 'Alesia',
  family_name: 'Prykladnaja',
  address: { country: 'QS', region: 'North' },
  resident_since: '2020-02-29',
  resident_years_equal_or_over: residenceThresholds('2020-02-29', validFrom),
  evidence,
}

/** The format's settings for a profile of the vectors. */
export function settingsFor(profile: ProfileJson): Settings {
  return settingsOf(optionsFor(profile))
}

/** The same as the public functions take it. */
export function optionsFor({ type, nyms, scopes, epoch_days }: ProfileJson): Bbs2023Profile {
  return { types: [nation[type]], nyms, scopes, epochDays: epoch_days }
}

/** What a verifier fixes, from a request of the vectors. */
export function contextOf(
  request: RequestJson,
): Omit<PresentationContext, 'now'> & { readonly scope?: string } {
  const { audience, nonce, purpose, payload_hash: payload, scope } = request
  return {
    audience,
    nonce,
    purpose,
    ...(request.response_uri !== '' && { responseUri: request.response_uri }),
    ...(request.encryption_key_thumbprint !== '' && {
      encryptionKeyThumbprint: request.encryption_key_thumbprint,
    }),
    ...(payload !== null && { payloadHash: unhex(payload) }),
    ...(scope !== null && { scope }),
  }
}

/** Secrets of a holder, and what an issuer made of the commitment to them. */
export interface Issued {
  readonly settings: Settings
  readonly blind: Uint8Array
  readonly secrets: readonly Uint8Array[]
  readonly wire: JsonObject
}

/** A credential for secrets that may be chosen, as for the forgeries. */
export async function issueTo(
  profile: ProfileJson,
  holder: {
    readonly label: string
    readonly claims: JsonObject
    readonly blind?: Uint8Array
    readonly committed?: Uint8Array
    readonly firstNym?: Uint8Array
  },
): Promise<Issued & { readonly json: Omit<ValidCase, 'name' | 'presentations'> }> {
  const { label, claims } = holder
  const settings = settingsFor(profile)
  const { nyms, feature, processor } = settings
  const blind = holder.blind ?? bytesFor(`${label}: blind`)
  const committedMessages =
    nyms === 0 ? [holder.committed ?? bytesFor(`${label}: committed secret`)] : []
  const own = randomFor(`${label}: nym`)(nyms).map(encodeScalar)
  if (holder.firstNym !== undefined) own[0] = holder.firstNym
  const entropy = nyms === 0 ? undefined : entropyFor(label)
  const commitRandom = randomFor(`${label}: commit`)
  const commitment = commitWith(
    schemeProfile(0, nyms),
    { blind, committedMessages, nyms: own },
    {},
    commitRandom,
  )
  const [sTilde = '', ...mTildes] = commitRandom(1 + committedMessages.length + nyms).map(scalarHex)

  const type: BbsCredentialType = nation[profile.type]
  const document = fixedCredential({ type, issuer, validFrom, validUntil, claims })
  const options = {
    type: 'DataIntegrityProof',
    cryptosuite: 'bbs-2023',
    verificationMethod,
    proofPurpose: 'assertionMethod',
  }
  let draws = 0
  const hmacKey = drawKey(await rolesOf(processor, document), () =>
    bytesFor(`${label}: hmac key ${draws++}`),
  )
  const input = { document, proof: options, mandatoryPointers, hmacKey }
  const { header, messages } = await baseProofData(processor, input)
  const proofValue = await signBase(
    processor,
    { ...input, publicKey, feature, ...(entropy && { entropy }) },
    async (data) => {
      const scheme = schemeProfile(data.messages.length, nyms) as Profile<'pseudonym'>
      const given = { secretKey, publicKey, ...data, commitment }
      // Left out where there are no nyms; the type wants it there.
      const signed = blindSign(scheme, { ...given, entropy: entropy ?? new Uint8Array() })
      if (signed === undefined) throw new Error('must be issued')
      return signed
    },
  )
  const nymSecrets =
    entropy === undefined
      ? []
      : nymSecretsOf(pseudonymProfile({ messages: 0, committed: 0, nyms }), { nyms: own, entropy })
  if (nymSecrets === undefined) throw new Error('must be issued')
  const wire = { ...document, proof: { ...options, proofValue } }
  return {
    settings,
    blind,
    secrets: nyms === 0 ? committedMessages : nymSecrets,
    wire,
    json: {
      profile,
      valid_from: validFrom.getTime() / 1000,
      valid_until: validUntil.getTime() / 1000,
      claims,
      secret_prover_blind: hex(blind),
      committed_messages: committedMessages.map(hex),
      prover_nyms: own.map(hex),
      commit_random: { s_tilde: sTilde, m_tildes: mTildes },
      commitment_with_proof: hex(commitment),
      signer_nym_entropy: entropy === undefined ? null : hex(entropy),
      nym_secrets: nymSecrets.map(hex),
      hmac_key: hex(hmacKey),
      bbs_header: hex(header),
      messages: messages.map((one) => new TextDecoder().decode(one)),
      credential: wire,
    },
  }
}

/** The issuer's share in somebody's last nym. */
export const entropyFor = (label: string): Uint8Array => bytesFor(`${label}: entropy`)

/** A presentation with mocked random scalars. */
export async function presentTo(
  issued: Issued,
  wanted: {
    readonly name: string
    readonly request: RequestJson
    readonly paths: readonly (readonly string[])[]
    readonly claims: JsonObject
  },
): Promise<PresentationJson> {
  const { settings, blind, secrets, wire } = issued
  const { name, request, paths, claims } = wanted
  const { processor, feature, nyms } = settings
  const { proof: options, ...credential } = wire as JsonObject & { readonly proof: JsonObject }
  const base = decodeBaseProof(feature, options['proofValue'])
  if (base === undefined) throw new Error('no base proof')
  const pointers = paths.map((path) =>
    toPointer(['credentialSubject', ...path] as ClaimsPath & string[]),
  )
  const shown = await disclose(processor, credential, { base, pointers })
  const bound = await presentationHeader(contextOf(request))
  const random = randomFor(`${name}: proof`)
  const scheme = schemeProfile(shown.messages.length, nyms) as Profile<'pseudonym'>
  const { proof, pseudonym } = proveWith(
    scheme,
    {
      publicKey,
      signature: base.signature,
      header: base.header,
      messages: shown.messages,
      blind,
      committedMessages: nyms === 0 ? secrets : [],
      nymSecrets: nyms === 0 ? [] : secrets,
      presentationHeader: bound,
      scope: text(request.scope ?? ''),
      disclosed: shown.selectiveIndexes,
      disclosedCommitted: [],
    },
    {},
    random,
  )
  const hidden = shown.messages.length - shown.selectiveIndexes.length + 1 + Math.max(nyms, 1)
  const [r1 = '', r2 = '', eTilde = '', r1Tilde = '', r3Tilde = '', ...mTildes] = random(
    5 + hidden,
  ).map(scalarHex)
  const proofValue = encodeDerivedProof(feature, {
    proof,
    labels: shown.labels,
    mandatoryIndexes: shown.mandatoryIndexes,
    selectiveIndexes: shown.selectiveIndexes,
    presentationHeader: bound,
    messages: shown.messages.length,
    ...(nyms > 0 && { nym: { domain: request.scope ?? '', pseudonym } }),
  })
  return {
    name,
    request,
    disclosed_paths: paths,
    presentation_header: hex(bound),
    mandatory_indexes: shown.mandatoryIndexes,
    selective_indexes: shown.selectiveIndexes,
    labels: Object.fromEntries(shown.labels),
    proof_random: {
      r1,
      r2,
      e_tilde: eTilde,
      r1_tilde: r1Tilde,
      r3_tilde: r3Tilde,
      m_tildes: mTildes,
    },
    pseudonym: nyms === 0 ? null : hex(pseudonym),
    claims,
    credential: { ...shown.document, proof: { ...options, proofValue } },
  }
}

const clinic = 'https://clinic.example'
/** A request of a service, in its own scope. */
export const fromClinic: RequestJson = {
  audience: clinic,
  nonce: 'W2oBGm1hXvZkq0n1sT5y7A',
  response_uri: '',
  encryption_key_thumbprint: '',
  purpose: 'present',
  payload_hash: null,
  scope: serviceScope(clinic),
}
const overOpenId4Vp: RequestJson = {
  ...fromClinic,
  audience: 'x509_san_dns:clinic.example',
  nonce: 'tq9Z3Yb0VJYxV4mF6hTqkw',
  response_uri: 'https://clinic.example/response',
  encryption_key_thumbprint: toBase64url(bytesFor('thumbprint')),
  scope: serviceScope('x509_san_dns:clinic.example'),
}
const election = electionScope('n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg')
/** A request of a poll, and the answer to it. */
export const fromPoll: RequestJson = {
  ...fromClinic,
  audience: 'https://poll.example',
  nonce: '0Zk7q2Vb8mJYd1xV4hTqkQ',
  purpose: 'poll',
  payload_hash: hex(bytesFor('hash of an answer')),
  scope: election,
}
const withoutScope = (request: RequestJson): RequestJson => ({ ...request, scope: null })

export const profiles = {
  none: { type: 'citizenship', nyms: 0, scopes: 'service', epoch_days: 90 },
  one: { type: 'residency', nyms: 1, scopes: 'service', epoch_days: 90 },
  sixteen: { type: 'citizenship', nyms: 16, scopes: 'election', epoch_days: 90 },
} as const satisfies Readonly<Record<string, ProfileJson>>

/** All that must be accepted, byte for byte. */
export async function buildValid(): Promise<ValidVectors> {
  const cases: ValidCase[] = []
  const add = async (
    name: string,
    profile: ProfileJson,
    claims: JsonObject,
    presentations: readonly Omit<Parameters<typeof presentTo>[1], 'never'>[],
  ): Promise<void> => {
    const issued = await issueTo(profile, { label: name, claims })
    const shown: PresentationJson[] = []
    for (const wanted of presentations) shown.push(await presentTo(issued, wanted))
    cases.push({ name, ...issued.json, presentations: shown })
  }
  const adult = [['citizen'], ['age_equal_or_over', '18']]
  await add('citizenship without nyms', profiles.none, citizen, [
    {
      name: 'an adult citizen to a clinic',
      request: withoutScope(fromClinic),
      paths: adult,
      claims: { citizen: true, age_equal_or_over: { 18: true } },
    },
    {
      name: 'the same over OpenID4VP',
      request: withoutScope(overOpenId4Vp),
      paths: adult,
      claims: { citizen: true, age_equal_or_over: { 18: true } },
    },
    {
      name: 'an array, whole',
      request: withoutScope(fromClinic),
      paths: [['nationalities']],
      claims: { nationalities: ['QS', 'QU'] },
    },
  ])
  await add('residency with one nym for services', profiles.one, resident, [
    {
      name: 'how long somebody is a resident, to a clinic',
      request: fromClinic,
      paths: [['resident'], ['resident_years_equal_or_over', '5']],
      claims: { resident: true, resident_years_equal_or_over: { 5: true } },
    },
    {
      name: 'the same over OpenID4VP, under another pseudonym',
      request: overOpenId4Vp,
      paths: [['resident'], ['resident_years_equal_or_over', '5']],
      claims: { resident: true, resident_years_equal_or_over: { 5: true } },
    },
  ])
  const vote = {
    request: fromPoll,
    paths: [['citizen']],
    claims: { citizen: true },
  }
  await add('citizenship with 16 nyms for elections', profiles.sixteen, citizen, [
    { name: 'a citizen answers a poll', ...vote },
  ])
  await add('the same for another citizen', profiles.sixteen, citizen, [
    { name: 'another citizen answers the same poll', ...vote },
  ])
  return {
    description:
      'Credentials under spec/bbs-profile.md with mocked randomness: bytes in hexadecimal, types and contexts as in ../credentials/documents.json.',
    ciphersuite: 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_',
    origin,
    issuer: {
      secret_key: hex(secretKey),
      public_key: hex(publicKey),
      verification_method: verificationMethod,
    },
    reader,
    cases,
  }
}
