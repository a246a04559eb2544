// Builds spec/vectors/bbs-2023/invalid.json: what a verifier must refuse, one thing wrong at a time.
import { bytesOf, encodeScalar, integerOf, modOrder, order } from '@asoba/bls12-381'
import {
  concatBytes,
  fromBase64url,
  type JsonObject,
  type PresentationContext,
  serviceScope,
  toBase64url,
} from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { encode } from 'cborg'
import { schemeProfile } from '../../src/format/profiles.ts'
import {
  type DerivedProofValue,
  decodeDerivedProof,
  encodeDerivedProof,
  type FeatureOption,
} from '../../src/suite/proof-value.ts'
import { asSecret } from '../scheme/malicious.ts'
import { hex } from '../scheme/support.ts'
import { forgeCredential, olderThanIssued as lie, statementOf } from './forge-credential.ts'
import {
  type buildValid,
  bytesFor,
  citizen,
  contextOf,
  entropyFor,
  fromClinic,
  issueTo,
  type ProfileJson,
  profiles,
  type ReaderJson,
  type RequestJson,
  randomFor,
  reader,
  settingsFor,
} from './spec-vectors.ts'

/** A presentation that a verifier of this profile must refuse. */
export interface InvalidCase {
  readonly name: string
  /** Of the profile, where it says so. */
  readonly section: string
  /** Among the problems that are found; there may be more. */
  readonly code: string
  readonly profile: ProfileJson
  readonly request: RequestJson
  /** Seconds, where it is another time than the reader's. */
  readonly now?: number
  readonly credential: JsonObject
}

/** The second file. */
export interface InvalidVectors {
  readonly description: string
  readonly origin: string
  readonly reader: ReaderJson
  readonly cases: readonly InvalidCase[]
}

const origin = 'https://nation.example'
const { citizenship } = nationTypes({ origin })
const malformed = 'proof.malformed'
const wrong = 'proof.signature-invalid'

/** A claim that was never issued, in the place of each secret that a holder can choose. */
async function forgeries(nyms: number): Promise<readonly InvalidCase[]> {
  const profile: ProfileJson = { type: 'citizenship', nyms, scopes: 'service', epoch_days: 90 }
  const request = nyms === 0 ? { ...fromClinic, scope: null } : fromClinic
  const settings = settingsFor(profile)
  const statement = await statementOf(settings, citizenship, lie)
  const target = asSecret(schemeProfile(0, nyms), statement)
  const places = [
    ['blind', nyms === 0 ? 'A' : 'B', 'the blinding factor shown as message L'],
    [
      'committed',
      nyms === 0 ? 'A' : 'C',
      nyms === 0
        ? 'the committed message shown as message L + 1'
        : 'the first nym shown as message L + 1, with a second pseudonym',
    ],
  ] as const
  const cases: InvalidCase[] = []
  for (const [place, letter, what] of places) {
    const name = `forgery ${letter}, ${nyms} nyms: ${what}`
    const firstNym =
      nyms > 1 ? target : encodeScalar(modOrder(integerOf(target) - integerOf(entropyFor(name))))
    const issued = await issueTo(profile, {
      label: name,
      claims: citizen,
      ...(place === 'blind'
        ? { blind: target }
        : nyms === 0
          ? { committed: statement }
          : { firstNym }),
    })
    const to: PresentationContext = { ...contextOf(request), now: new Date(reader.now * 1000) }
    const forged = await forgeCredential(settings, issued, {
      to,
      scope: request.scope ?? '',
      lie,
      place,
      random: randomFor(`${name}: proof`),
    })
    if (!forged.acceptedByTheDraft) throw new Error('it is no forgery but noise')
    cases.push({ name, section: '3', code: wrong, profile, request, credential: forged.shown })
  }
  return cases
}

/** A good presentation with one thing changed. */
function damaged(profile: ProfileJson, request: RequestJson, good: JsonObject): InvalidCase[] {
  const { feature, nyms } = settingsFor(profile)
  const { proof: options, ...document } = good as JsonObject & { readonly proof: JsonObject }
  const { credentialSubject } = document
  const subject = credentialSubject as JsonObject
  const value = decodeDerivedProof(feature, options['proofValue'])
  if (value === undefined) throw new Error('no derived proof')
  const { proof, messages = 0, selectiveIndexes, mandatoryIndexes, labels } = value
  const withOptions = (change: JsonObject) => ({ ...good, proof: { ...options, ...change } })
  const withValue = (change: Partial<DerivedProofValue>, as: FeatureOption = feature) => {
    const nym = { domain: fromClinic.scope ?? '', pseudonym: bytesFor('no pseudonym') }
    return withOptions({ proofValue: encodeDerivedProof(as, { nym, ...value, ...change }) })
  }
  const withSubject = (change: JsonObject) => ({
    ...good,
    credentialSubject: { ...subject, ...change },
  })
  const at = (place: number, part: Uint8Array) => {
    const copy = Uint8Array.from(proof)
    copy.set(part, place)
    return withValue({ proof: copy })
  }
  const bytes = fromBase64url(String(options['proofValue']).slice(1)) ?? new Uint8Array()
  const raw = (...parts: readonly Uint8Array[]) =>
    withOptions({ proofValue: `u${toBase64url(concatBytes(...parts))}` })
  const head = bytes.subarray(0, 3)
  const identity = Uint8Array.of(0xc0, ...new Uint8Array(47))
  // x = 4: on the curve, not in the subgroup.
  const outside = Uint8Array.of(0x80, ...new Uint8Array(46), 4)
  const last = selectiveIndexes.at(-1) ?? 0
  const swapped = new Map(
    [...labels].map(([from, to]) => [from, to === 'b0' ? 'b1' : to === 'b1' ? 'b0' : to]),
  )
  const tagged = encode([
    proof,
    new Map(),
    mandatoryIndexes,
    selectiveIndexes,
    value.presentationHeader,
  ])

  type Change = readonly [section: string, name: string, code: string, credential: JsonObject]
  const changes: Change[] = [
    ['2', 'the header of the baseline', malformed, withValue({}, 'baseline')],
    [
      '2',
      'the header of the other profile',
      malformed,
      withValue({}, feature === 'pseudonym' ? 'anonymous_holder_binding' : 'pseudonym'),
    ],
    [
      '2',
      'the header of holder_binding_pseudonym',
      malformed,
      withValue({}, 'holder_binding_pseudonym'),
    ],
    ['2', 'one message more', malformed, withValue({ messages: messages + 1 })],
    ['2', 'one message less', malformed, withValue({ messages: messages - 1 })],
    [
      '3',
      'a message index twice',
      malformed,
      withValue({
        selectiveIndexes: [...selectiveIndexes.slice(0, -1), selectiveIndexes.at(-2) ?? last],
      }),
    ],
    [
      '3',
      'message indexes out of order',
      malformed,
      withValue({ selectiveIndexes: [...selectiveIndexes].reverse() }),
    ],
    [
      '3',
      'a message index of L',
      wrong,
      withValue({ selectiveIndexes: [...selectiveIndexes.slice(0, -1), messages] }),
    ],
    [
      '3',
      'a message index of L + 1',
      wrong,
      withValue({ selectiveIndexes: [...selectiveIndexes.slice(0, -1), messages + 1] }),
    ],
    [
      '3',
      'a message index of 2^53 - 1',
      wrong,
      withValue({ selectiveIndexes: [...selectiveIndexes.slice(0, -1), Number.MAX_SAFE_INTEGER] }),
    ],
    [
      '3',
      'another message index',
      wrong,
      withValue({ selectiveIndexes: [...selectiveIndexes.slice(0, -1), last + 1] }),
    ],
    [
      '3',
      'a message index too few',
      malformed,
      withValue({ selectiveIndexes: selectiveIndexes.slice(0, -1) }),
    ],
    [
      '3',
      'a mandatory index twice',
      malformed,
      withValue({ mandatoryIndexes: [mandatoryIndexes[0] ?? 0, ...mandatoryIndexes] }),
    ],
    [
      '3',
      'a mandatory index out of bound',
      malformed,
      withValue({ mandatoryIndexes: [...mandatoryIndexes.slice(0, -1), 999] }),
    ],
    [
      '3',
      'a mandatory statement counted as a message',
      malformed,
      withValue({ mandatoryIndexes: mandatoryIndexes.slice(1) }),
    ],
    [
      '3',
      'a label for no node',
      malformed,
      withValue({ labels: new Map([...labels, ['c14n99', 'b99']]) }),
    ],
    ['3', 'a label too few', malformed, withValue({ labels: new Map([...labels].slice(1)) })],
    [
      '3',
      'a label twice',
      malformed,
      withValue({ labels: new Map([...labels].map(([from]) => [from, 'b0'])) }),
    ],
    ['3', 'two labels exchanged', wrong, withValue({ labels: swapped })],
    [
      '3',
      'a response too few',
      wrong,
      withValue({ proof: concatBytes(proof.subarray(0, -64), proof.subarray(-32)) }),
    ],
    [
      '3',
      'a response too many',
      wrong,
      withValue({ proof: concatBytes(proof, proof.subarray(-32)) }),
    ],
    ['3', 'a byte of the proof too few', wrong, withValue({ proof: proof.subarray(0, -1) })],
    ['3', 'no proof', wrong, withValue({ proof: new Uint8Array() })],
    ['3', 'Abar the identity', wrong, at(0, identity)],
    ['3', 'Bbar the identity', wrong, at(48, identity)],
    ['3', 'D the identity', wrong, at(96, identity)],
    ['3', 'Abar outside the subgroup', wrong, at(0, outside)],
    ['3', 'D outside the subgroup', wrong, at(96, outside)],
    ['3', 'a response of 0', wrong, at(144, new Uint8Array(32))],
    ['3', 'a response of r', wrong, at(144, bytesOf(order, 32))],
    [
      '3',
      'the challenge plus r',
      wrong,
      at(proof.length - 32, bytesOf(integerOf(proof.subarray(-32)) + order, 32)),
    ],
    ['3', 'CBOR cut short', malformed, raw(bytes.subarray(0, -1))],
    ['3', 'a byte after the CBOR', malformed, raw(bytes, Uint8Array.of(0))],
    ['3', 'a tag before the CBOR', malformed, raw(head, Uint8Array.of(0xc1), bytes.subarray(3))],
    [
      '3',
      'an indefinite array',
      malformed,
      raw(head, Uint8Array.of(0x9f), bytes.subarray(4), Uint8Array.of(0xff)),
    ],
    [
      '3',
      'the number of components in two bytes',
      malformed,
      raw(head, Uint8Array.of(0x98, (bytes[3] ?? 0) & 31), bytes.subarray(4)),
    ],
    ['3', 'a component too few', malformed, raw(head, tagged)],
    ['3', 'no CBOR', malformed, raw(head)],
    [
      '3',
      'no multibase',
      malformed,
      withOptions({ proofValue: `z${String(options['proofValue']).slice(1)}` }),
    ],
    [
      '4',
      'an id of the credential',
      'credential.malformed',
      { ...good, id: 'urn:uuid:0ef2ba4a-3a0f-4dd5-9ec2-1ae9c3f4f4ad' },
    ],
    ['4', 'an id of the subject', 'credential.malformed', withSubject({ id: 'did:example:a' })],
    [
      '4',
      'a status entry',
      'credential.malformed',
      { ...good, credentialStatus: { type: 'BitstringStatusListEntry' } },
    ],
    [
      '4',
      'an epoch that begins a day later',
      'credential.malformed',
      { ...good, validFrom: '2026-09-05T00:00:00Z' },
    ],
    [
      '4',
      'an epoch that ends a second later',
      'credential.malformed',
      { ...good, validUntil: '2026-12-03T00:00:01Z' },
    ],
    ['4', 'created in the proof', malformed, withOptions({ created: '2026-09-04T00:00:00Z' })],
    [
      '4',
      'an id of the proof',
      malformed,
      withOptions({ id: 'urn:uuid:0ef2ba4a-3a0f-4dd5-9ec2-1ae9c3f4f4ad' }),
    ],
    [
      '4',
      'another purpose of the proof',
      'proof.purpose-mismatch',
      withOptions({ proofPurpose: 'authentication' }),
    ],
    [
      '4',
      'a key of somebody else',
      'issuer.key-not-found',
      withOptions({ verificationMethod: 'did:web:elsewhere.example#bbs-1' }),
    ],
    ['4', 'another issuer', 'issuer.untrusted', { ...good, issuer: 'did:web:elsewhere.example' }],
    [
      '4',
      'another context',
      'credential.malformed',
      { ...good, '@context': ['https://www.w3.org/ns/credentials/v2'] },
    ],
    [
      '4',
      'a type of the subject left out',
      'credential.malformed',
      withSubject({ type: ['Person'] }),
    ],
    ['4', 'a claim changed', wrong, withSubject(changedClaim(subject))],
    ['4', 'a claim added', malformed, withSubject({ given_name: 'Natalia' })],
    [
      '5',
      'another presentation header',
      'holder.nonce-mismatch',
      withValue({ presentationHeader: bytesFor('another') }),
    ],
    [
      '5',
      'no presentation header',
      'holder.nonce-mismatch',
      withValue({ presentationHeader: new Uint8Array() }),
    ],
  ]
  const { nym } = value
  if (nyms > 0 && nym !== undefined) {
    const other = (pseudonym: Uint8Array) => withValue({ nym: { ...nym, pseudonym } })
    changes.push(
      ['3', 'the pseudonym the identity', wrong, other(identity)],
      ['3', 'the pseudonym outside the subgroup', wrong, other(outside)],
      ['3', 'a pseudonym of 47 bytes', malformed, other(nym.pseudonym.subarray(1))],
      ['3', 'the pseudonym of nobody', wrong, other(proof.subarray(0, 48))],
      [
        '3',
        'the scope of another service',
        'holder.scope-mismatch',
        withValue({ nym: { ...nym, domain: serviceScope('https://tax.example') } }),
      ],
    )
  }
  const about = `${profile.type}, ${nyms} nyms`
  const cases: InvalidCase[] = changes.map(([section, name, code, credential]) => ({
    name: `${about}: ${name}`,
    section,
    code,
    profile,
    request,
    credential,
  }))
  const asked: readonly (readonly [string, Partial<RequestJson>])[] = [
    ['another audience', { audience: 'https://tax.example' }],
    ['another nonce', { nonce: 'replayed' }],
    ['another response URI', { response_uri: 'https://tax.example/response' }],
    ['another key of encryption', { encryption_key_thumbprint: 'AAAA' }],
    ['another purpose', { purpose: request.purpose === 'poll' ? 'roll' : 'poll' }],
    ['another payload', { payload_hash: hex(bytesFor('another payload')) }],
  ]
  for (const [name, change] of asked) {
    cases.push({
      name: `${about}: shown to ${name}`,
      section: '5',
      code: 'holder.nonce-mismatch',
      profile,
      request: { ...request, ...change },
      credential: good,
    })
  }
  for (const [name, now, code] of [
    ['before its epoch', 1_788_000_000, 'credential.not-yet-valid'],
    ['after its epoch', 1_797_000_000, 'credential.expired'],
  ] as const) {
    cases.push({
      name: `${about}: ${name}`,
      section: '4',
      code,
      profile,
      request,
      now,
      credential: good,
    })
  }
  return cases
}

function changedClaim(subject: JsonObject): JsonObject {
  return 'age_equal_or_over' in subject
    ? { age_equal_or_over: { 18: false } }
    : { resident_years_equal_or_over: { 5: false } }
}

/** All that must be refused. */
export async function buildInvalid(
  valid: Awaited<ReturnType<typeof buildValid>>,
): Promise<InvalidVectors> {
  const cases: InvalidCase[] = []
  for (const nyms of [0, 1, 2, 16]) cases.push(...(await forgeries(nyms)))
  const [none, one] = valid.cases
  for (const each of [none, one]) {
    const [shown] = each?.presentations ?? []
    if (each === undefined || shown === undefined) throw new Error('a case is missing')
    cases.push(...damaged(each.profile, shown.request, shown.credential))
    cases.push({
      name: `${each.profile.type}, ${each.profile.nyms} nyms: the base proof, which is for the holder alone`,
      section: '3',
      code: malformed,
      profile: each.profile,
      request: shown.request,
      credential: each.credential,
    })
    for (const nyms of [0, 1, 2, 16].filter((count) => count !== each.profile.nyms)) {
      cases.push({
        name: `${each.profile.type}, ${each.profile.nyms} nyms: to a verifier of ${nyms} nyms`,
        section: '2',
        code: nyms === 0 || each.profile.nyms === 0 ? malformed : wrong,
        profile: { ...each.profile, nyms },
        request:
          nyms === 0
            ? { ...shown.request, scope: null }
            : { ...shown.request, scope: fromClinic.scope },
        credential: shown.credential,
      })
    }
  }
  const poll = valid.cases[2]?.presentations[0]
  if (poll === undefined) throw new Error('a case is missing')
  const { scope } = fromClinic
  cases.push({
    name: 'citizenship, 16 nyms for elections: in the scope of a service',
    section: '3',
    code: 'holder.scope-mismatch',
    profile: profiles.sixteen,
    request: { ...poll.request, scope },
    credential: poll.credential,
  })
  return {
    description:
      'Presentations that a verifier of the profile must refuse: with code among the problems, and never by an exception.',
    origin,
    reader,
    cases,
  }
}
