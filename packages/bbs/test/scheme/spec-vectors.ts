import {
  bytesOf,
  encodeScalar,
  hashToScalar,
  integerOf,
  modOrder,
  order,
  typescriptCurve,
} from '@asoba/bls12-381'
import { concatBytes } from '@asoba/core'
import { commitWith } from '../../src/scheme/commit.ts'
import { proveWith, type RandomScalars } from '../../src/scheme/prove.ts'
import { messageScalars, settingOf } from '../../src/scheme/suite.ts'
import {
  blindProfile,
  blindSign,
  type DisclosedMessage,
  nymSecretsOf,
  type Profile,
  pseudonymProfile,
  publicKeyOf,
} from '../../src/scheme.ts'
import { asSecret, forge } from './malicious.ts'
import { hex, text, unhex } from './support.ts'

// Builds spec/vectors/bbs. Everything comes from labels, so that it is the same each time;
// the vectors list every scalar, so that nobody needs to know how.

/** L, M and N as a verifier is configured with them. */
export interface Numbers {
  readonly messages: number
  readonly committed: number
  readonly nyms: number
}

/** A message that is shown, on the wire of the vectors. */
export interface Shown {
  readonly index: number
  readonly message: string
}

/** From secrets to proof, byte for byte. */
export interface ValidCase {
  readonly name: string
  readonly profile: Numbers
  readonly header: string
  readonly messages: readonly string[]
  readonly committed_messages: readonly string[]
  readonly secret_prover_blind: string
  readonly prover_nyms: readonly string[]
  readonly commit_random: { readonly s_tilde: string; readonly m_tildes: readonly string[] }
  readonly commitment_with_proof: string
  readonly signer_nym_entropy: string | null
  readonly nym_secrets: readonly string[]
  readonly signature: string
  readonly presentation_header: string
  readonly context_id: string | null
  readonly disclosed_indexes: readonly number[]
  readonly disclosed_committed_indexes: readonly number[]
  readonly proof_random: {
    readonly r1: string
    readonly r2: string
    readonly e_tilde: string
    readonly r1_tilde: string
    readonly r3_tilde: string
    readonly m_tildes: readonly string[]
  }
  readonly pseudonym: string | null
  readonly proof: string
}

/** A proof that a verifier of this profile must refuse, and why. */
export interface InvalidCase {
  readonly name: string
  readonly profile: Numbers
  readonly header: string
  readonly presentation_header: string
  readonly context_id: string | null
  readonly disclosed: readonly Shown[]
  readonly disclosed_committed: readonly Shown[]
  readonly pseudonym: string | null
  readonly proof: string
}

/** Both files. */
export interface Vectors {
  readonly valid: {
    readonly ciphersuite: string
    readonly secret_key: string
    readonly public_key: string
    readonly cases: readonly ValidCase[]
  }
  readonly invalid: { readonly public_key: string; readonly cases: readonly InvalidCase[] }
}

const scalarOf = (label: string) => hashToScalar(text(label), text('asoba/spec/vectors/bbs'))
const randomOf =
  (label: string): RandomScalars =>
  (count) =>
    Array.from({ length: count }, (_, at) => scalarOf(`${label} ${at}`))
const scalarHex = (scalar: bigint) => hex(encodeScalar(scalar))

const secretKey = encodeScalar(scalarOf('issuer'))
const publicKey = publicKeyOf(secretKey)
const header = text('header of the issuer')
const presentationHeader = bytesOf(scalarOf('presentation header'), 32)
const claims = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    text(`_:b1 <https://nation.example/#claim-${at}> "value" .\n`),
  )

/** The profile of some numbers, with or without nyms. */
export function profileOf(numbers: Numbers): Profile<'blind'> | Profile<'pseudonym'> {
  return numbers.nyms === 0 ? blindProfile(numbers) : pseudonymProfile(numbers)
}

interface Wanted {
  readonly name: string
  readonly profile: Numbers
  readonly disclosed: readonly number[]
  readonly disclosedCommitted?: readonly number[]
  readonly scope?: string
  readonly person?: string
}

function validCase(wanted: Wanted): ValidCase {
  const {
    name,
    disclosed,
    disclosedCommitted = [],
    scope = 'asoba:nym:v1:svc:https://clinic.example',
  } = wanted
  const { messages: l, committed: m, nyms: n } = wanted.profile
  const person = wanted.person ?? name
  const messages = claims(l)
  const committedMessages = Array.from({ length: m }, (_, at) => text(`the holder's own ${at}`))
  const blind = scalarOf(`${person}: blind`)
  const nyms = randomOf(`${person}: nym`)(n).map(encodeScalar)
  const entropy = encodeScalar(scalarOf(`${person}: entropy`))
  const commitRandom = randomOf(`${name}: commit`)
  const proofRandom = randomOf(`${name}: proof`)
  const profile = profileOf(wanted.profile)
  const secrets = { committedMessages, nyms, blind: encodeScalar(blind) }
  const commitment = commitWith(profile, secrets, {}, commitRandom)
  const issuing = { secretKey, publicKey, header, messages, commitment, entropy }
  const signature = blindSign(profile as Profile<'pseudonym'>, issuing)
  const nymSecrets = n === 0 ? [] : nymSecretsOf(profile as Profile<'pseudonym'>, { nyms, entropy })
  if (signature === undefined || nymSecrets === undefined) throw new Error('must be issued')
  const { proof, pseudonym } = proveWith(
    profile as Profile<'pseudonym'>,
    {
      ...secrets,
      publicKey,
      signature,
      header,
      presentationHeader,
      messages,
      nymSecrets,
      scope: text(scope),
      disclosed,
      disclosedCommitted,
    },
    {},
    proofRandom,
  )
  const [sTilde = '', ...mTildes] = commitRandom(1 + m + n).map(scalarHex)
  const hidden = l + 1 + m + n - disclosed.length - disclosedCommitted.length
  const [r1 = '', r2 = '', eTilde = '', r1Tilde = '', r3Tilde = '', ...tildes] = proofRandom(
    5 + hidden,
  ).map(scalarHex)
  return {
    name,
    profile: wanted.profile,
    header: hex(header),
    messages: messages.map(hex),
    committed_messages: committedMessages.map(hex),
    secret_prover_blind: scalarHex(blind),
    prover_nyms: nyms.map(hex),
    commit_random: { s_tilde: sTilde, m_tildes: mTildes },
    commitment_with_proof: hex(commitment),
    signer_nym_entropy: n === 0 ? null : hex(entropy),
    nym_secrets: nymSecrets.map(hex),
    signature: hex(signature),
    presentation_header: hex(presentationHeader),
    context_id: n === 0 ? null : hex(text(scope)),
    disclosed_indexes: disclosed,
    disclosed_committed_indexes: disclosedCommitted,
    proof_random: {
      r1,
      r2,
      e_tilde: eTilde,
      r1_tilde: r1Tilde,
      r3_tilde: r3Tilde,
      m_tildes: tildes,
    },
    pseudonym: pseudonym === undefined ? null : hex(pseudonym),
    proof: hex(proof),
  }
}

const scope = text('asoba:nym:v1:svc:https://clinic.example')
const lie = text('_:b1 <https://nation.example/#citizen> "true" .\n')

/** The forgeries of privacy: accepted by who verifies as the drafts say and no more. */
function forgeries(n: number): InvalidCase[] {
  const numbers = { messages: 3, committed: n === 0 ? 1 : 0, nyms: n }
  const profile = profileOf(numbers)
  const messages = claims(3)
  const committedMessages = n === 0 ? [text("the holder's own 0")] : []
  const label = `forgery, ${n} nyms`
  const issue = (blind: Uint8Array, nyms: readonly Uint8Array[]) => {
    const random = randomOf(`${label}: commit`)
    const commitment = commitWith(profile, { committedMessages, nyms, blind }, {}, random)
    const issuing = { secretKey, publicKey, header, messages, commitment, entropy }
    const signature = blindSign(profile as Profile<'pseudonym'>, issuing)
    const secrets = n === 0 ? [] : nymSecretsOf(profile as Profile<'pseudonym'>, { nyms, entropy })
    if (signature === undefined || secrets === undefined) throw new Error('must be issued')
    const { api } = settingOf(profile, typescriptCurve)
    const scalars = [
      ...messageScalars(api, messages),
      integerOf(blind),
      ...messageScalars(api, committedMessages),
      ...secrets.map(integerOf),
    ]
    return { signature, scalars }
  }
  const entropy = encodeScalar(scalarOf(`${label}: entropy`))
  const nyms = randomOf(`${label}: nym`)(n).map(encodeScalar)
  const common = {
    publicKey,
    header,
    presentationHeader,
    ...(n === 0 ? {} : { scope }),
  }
  const caseOf = (
    name: string,
    forged: ReturnType<typeof forge>,
    disclosed: readonly DisclosedMessage[],
    committed: readonly DisclosedMessage[],
  ): InvalidCase => ({
    name,
    profile: numbers,
    header: hex(header),
    presentation_header: hex(presentationHeader),
    context_id: n === 0 ? null : hex(scope),
    disclosed: disclosed.map(({ index, message }) => ({ index, message: hex(message) })),
    disclosed_committed: committed.map(({ index, message }) => ({ index, message: hex(message) })),
    pseudonym: n === 0 ? null : hex(forged.pseudonym),
    proof: hex(forged.proof),
  })
  const liar = issue(asSecret(profile, lie), nyms)
  const shownBlind = forge(
    profile,
    common,
    liar.signature,
    liar.scalars,
    [3],
    randomOf(`${label}: A`),
  )
  const cases = [
    caseOf(
      `forgery ${n === 0 ? 'A' : 'B'}, ${n} nyms: the blinding factor shown as message 3`,
      shownBlind,
      [{ index: 3, message: lie }],
      [],
    ),
  ]
  if (n === 0) return cases
  const target = integerOf(asSecret(profile, lie))
  const chosen = encodeScalar(n === 1 ? modOrder(target - integerOf(entropy)) : target)
  const second = issue(encodeScalar(scalarOf(`${label}: blind`)), [chosen, ...nyms.slice(1)])
  const random = randomOf(`${label}: C`)
  const shownNym = forge(profile, common, second.signature, second.scalars, [4], random)
  return [
    ...cases,
    caseOf(
      `forgery C, ${n} nyms: the first nym shown as committed message 0`,
      shownNym,
      [],
      [{ index: 0, message: lie }],
    ),
    caseOf(
      `forgery C, ${n} nyms: the first nym shown as message 4`,
      shownNym,
      [{ index: 4, message: lie }],
      [],
    ),
  ]
}

/** What is wrong with a good proof that was changed. */
function damaged(base: ValidCase): InvalidCase[] {
  const shown = (indexes: readonly number[]) =>
    indexes.map((index) => ({ index, message: base.messages[index] ?? '' }))
  const good: InvalidCase = {
    name: '',
    profile: base.profile,
    header: base.header,
    presentation_header: base.presentation_header,
    context_id: base.context_id,
    disclosed: shown(base.disclosed_indexes),
    disclosed_committed: [],
    pseudonym: base.pseudonym,
    proof: base.proof,
  }
  const proof = unhex(base.proof)
  const at = (place: number, part: Uint8Array) => {
    const copy = Uint8Array.from(proof)
    copy.set(part, place)
    return hex(copy)
  }
  const identity = Uint8Array.of(0xc0, ...new Uint8Array(47))
  // x = 4, on the curve, not in the subgroup.
  const outside = Uint8Array.of(0x80, ...new Uint8Array(46), 4)
  const generator = hex(
    settingOf(profileOf(base.profile), typescriptCurve).curve.encodeG1(
      settingOf(profileOf(base.profile), typescriptCurve).curve.g1,
    ),
  )
  const [first, second] = good.disclosed as [Shown, Shown]
  const otherNumbers = (numbers: Partial<Numbers>) => ({ profile: { ...base.profile, ...numbers } })
  const changes: readonly (readonly [string, Partial<InvalidCase>])[] = [
    ['disclosed messages out of order', { disclosed: [second, first] }],
    ['a disclosed message twice', { disclosed: [first, first] }],
    ['a disclosed message left out', { disclosed: [first] }],
    ['another disclosed message', { disclosed: [first, { ...second, message: hex(lie) }] }],
    ['another presentation header', { presentation_header: hex(text('replayed')) }],
    ['another header', { header: hex(text('another')) }],
    ['another scope', { context_id: hex(text('another')) }],
    ['one message less', otherNumbers({ messages: base.profile.messages - 1 })],
    ['one message more', otherNumbers({ messages: base.profile.messages + 1 })],
    ['one nym less', otherNumbers({ nyms: base.profile.nyms - 1 })],
    [
      'one nym counted as a committed message',
      otherNumbers({ committed: 1, nyms: base.profile.nyms - 1 }),
    ],
    ['Abar the identity', { proof: at(0, identity) }],
    ['Bbar the identity', { proof: at(48, identity) }],
    ['D the identity', { proof: at(96, identity) }],
    ['D outside the subgroup', { proof: at(96, outside) }],
    ['the pseudonym the identity', { pseudonym: hex(identity) }],
    ['the pseudonym the generator', { pseudonym: generator }],
    ['the pseudonym outside the subgroup', { pseudonym: hex(outside) }],
    ['a response of 0', { proof: at(144, new Uint8Array(32)) }],
    ['a response of r', { proof: at(144, bytesOf(order, 32)) }],
    [
      'the challenge plus r',
      { proof: at(proof.length - 32, bytesOf(integerOf(proof.subarray(-32)) + order, 32)) },
    ],
    ['a byte too few', { proof: hex(proof.subarray(0, -1)) }],
    ['a byte too many', { proof: hex(concatBytes(proof, Uint8Array.of(0))) }],
    [
      'a response too few',
      { proof: hex(concatBytes(proof.subarray(0, -64), proof.subarray(-32))) },
    ],
    ['a response too many', { proof: hex(concatBytes(proof, proof.subarray(-32))) }],
  ]
  return changes.map(([name, change]) => ({ ...good, name, ...change }))
}

/** All of it. */
export function buildVectors(): Vectors {
  const sixteen = { messages: 12, committed: 0, nyms: 16 }
  const election = 'asoba:nym:v1:election:n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'
  const disclosed = [0, 5, 11]
  const two = validCase({
    name: '2 nyms, 4 messages',
    profile: { messages: 4, committed: 0, nyms: 2 },
    disclosed: [1, 3],
  })
  const cases = [
    validCase({
      name: 'no nym, the holder commits to one secret, nothing disclosed',
      profile: { messages: 12, committed: 1, nyms: 0 },
      disclosed: [],
    }),
    validCase({
      name: 'no nym, the holder commits to one secret, 3 disclosed',
      profile: { messages: 12, committed: 1, nyms: 0 },
      disclosed,
    }),
    validCase({
      name: '1 nym, all disclosed',
      profile: { messages: 3, committed: 0, nyms: 1 },
      disclosed: [0, 1, 2],
    }),
    two,
    validCase({ name: '16 nyms, nothing disclosed', profile: sixteen, disclosed: [] }),
    validCase({
      name: '16 nyms, one person at a clinic',
      profile: sixteen,
      disclosed,
      person: 'p',
    }),
    validCase({
      name: '16 nyms, the same person in an election',
      profile: sixteen,
      disclosed,
      person: 'p',
      scope: election,
    }),
    validCase({
      name: '16 nyms, another person in the election',
      profile: sixteen,
      disclosed,
      person: 'q',
      scope: election,
    }),
    validCase({
      name: '16 nyms and 2 committed messages, one of them disclosed',
      profile: { messages: 12, committed: 2, nyms: 16 },
      disclosed: [11],
      disclosedCommitted: [1],
    }),
    validCase({
      name: '64 nyms, no message of the issuer',
      profile: { messages: 0, committed: 0, nyms: 64 },
      disclosed: [],
    }),
  ]
  return {
    valid: {
      ciphersuite: 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_',
      secret_key: hex(secretKey),
      public_key: hex(publicKey),
      cases,
    },
    invalid: {
      public_key: hex(publicKey),
      cases: [...[0, 1, 2, 16].flatMap(forgeries), ...damaged(two)],
    },
  }
}
