import { decodeScalar, encodeScalar, integerOf, modOrder, typescriptCurve } from '@asoba/bls12-381'
import { describe, expect, test } from 'vitest'
import { messageScalars, settingOf } from '../../src/scheme/suite.ts'
import {
  blindProfile,
  blindSign,
  commit,
  createScalar,
  createSecretKey,
  type DisclosedMessage,
  nymSecretsOf,
  plainProfile,
  prove,
  pseudonymProfile,
  publicKeyOf,
  sign,
  verifyBlindSignature,
  verifyProof,
  verifyProofs,
} from '../../src/scheme.ts'
import { acceptedByTheDraft, asSecret, forge } from './malicious.ts'
import { hex, text } from './support.ts'

const secretKey = createSecretKey()
const publicKey = publicKeyOf(secretKey)
const header = text('header')
const presentationHeader = text('presentation')
const scope = text('asoba:nym:v1:election:x')
const messages = ['type=Resident', 'city=Vilnius', 'epoch=2026Q4'].map(text)
const lie = text('type=Citizen')
const common = { publicKey, header, presentationHeader }
const own: readonly DisclosedMessage[] = [{ index: 0, message: text('type=Resident') }]
const L = messages.length

describe('forgery A: the blinding factor shown as a claim, blind BBS', () => {
  for (const committed of [0, 1]) {
    test(`is refused with ${committed} committed messages`, () => {
      const profile = blindProfile({ messages: L, committed })
      const committedMessages = [text('mine')].slice(0, committed)
      const blind = asSecret(profile, lie)
      const commitment = commit(profile, { committedMessages, nyms: [], blind })
      const signature = blindSign(profile, { secretKey, header, messages, commitment })
      if (signature === undefined) throw new Error('an honest issuer signs')
      const scalars = messageScalars(settingOf(profile, typescriptCurve).api, [
        ...messages,
        lie,
        ...committedMessages,
      ])
      const { proof } = forge(profile, common, signature, scalars, [L])
      const statement = {
        ...common,
        proof,
        disclosed: [{ index: L, message: lie }],
        disclosedCommitted: [],
      }
      expect(acceptedByTheDraft(profile, statement)).toBe(true)
      expect(verifyProof(profile, statement)).toBe(false)
      expect(verifyProofs(profile, publicKey, [statement]).refused).toEqual([0])
      // The same as a committed message before the first.
      const asCommitted = {
        ...statement,
        disclosed: [],
        disclosedCommitted: [{ index: -1, message: lie }],
      }
      expect(acceptedByTheDraft(profile, asCommitted)).toBe(true)
      expect(verifyProof(profile, asCommitted)).toBe(false)
      // With other numbers of messages everything else is other, too.
      for (const wrong of [
        blindProfile({ messages: L + 1, committed }),
        blindProfile({ messages: L + 1, committed: Math.max(0, committed - 1) }),
        blindProfile({ messages: L, committed: committed + 1 }),
      ]) {
        expect(verifyProof(wrong, statement)).toBe(false)
      }
      expect(verifyProof(plainProfile({ messages: L + 1 + committed }), statement)).toBe(false)
    })
  }
})

/** A credential whose secrets the holder chose. */
function issued(nyms: readonly Uint8Array[], blind: Uint8Array, entropy: Uint8Array) {
  const profile = pseudonymProfile({ messages: L, committed: 0, nyms: nyms.length })
  const commitment = commit(profile, { committedMessages: [], nyms, blind })
  const signature = blindSign(profile, { secretKey, header, messages, commitment, entropy })
  const nymSecrets = nymSecretsOf(profile, { nyms, entropy })
  if (signature === undefined || nymSecrets === undefined) throw new Error('an honest issuer signs')
  const held = { publicKey, signature, header, messages, committedMessages: [], blind, nymSecrets }
  expect(verifyBlindSignature(profile, held)).toBe(true)
  const honest = prove(profile, {
    ...held,
    presentationHeader,
    scope,
    disclosed: [0],
    disclosedCommitted: [],
  })
  const scalars = [
    ...messageScalars(settingOf(profile, typescriptCurve).api, messages),
    ...[blind, ...nymSecrets].map(integerOf),
  ]
  return { profile, signature, scalars, honest }
}

const scoped = { ...common, scope }
const randomNyms = (count: number) => Array.from({ length: count }, createScalar)

for (const N of [1, 2, 16]) {
  describe(`with ${N} nyms`, () => {
    const any = pseudonymProfile({ messages: L, committed: 0, nyms: N })

    test('an honest proof is accepted, by the drafts too', () => {
      const { profile, honest } = issued(randomNyms(N), createScalar(), createScalar())
      const statement = { ...scoped, ...honest, disclosed: own, disclosedCommitted: [] }
      expect(acceptedByTheDraft(profile, statement)).toBe(true)
      expect(verifyProof(profile, statement)).toBe(true)
      expect(verifyProofs(profile, publicKey, [statement]).verified).toBe(true)
    })

    test('forgery B is refused: the blinding factor shown as a claim', () => {
      const credential = issued(randomNyms(N), asSecret(any, lie), createScalar())
      const { profile, signature, scalars } = credential
      const forged = forge(profile, scoped, signature, scalars, [L])
      const statement = {
        ...scoped,
        ...forged,
        disclosed: [{ index: L, message: lie }],
        disclosedCommitted: [],
      }
      expect(acceptedByTheDraft(profile, statement)).toBe(true)
      expect(verifyProof(profile, statement)).toBe(false)
      expect(verifyProofs(profile, publicKey, [statement]).refused).toEqual([0])
      const longer = pseudonymProfile({ messages: L + 1, committed: 0, nyms: N })
      expect(verifyProof(longer, statement)).toBe(false)
    })

    test('forgery C is refused: a nym shown as a message makes a second pseudonym', () => {
      const message = text('anything')
      const nyms = randomNyms(N)
      // The issuer's entropy is in the last nym only; with one nym it must be known before,
      // as it is where it is used again for the same person.
      const entropy = createScalar()
      const target = integerOf(asSecret(any, message))
      nyms[0] = encodeScalar(N === 1 ? modOrder(target - integerOf(entropy)) : target)
      const { profile, signature, scalars, honest } = issued(nyms, createScalar(), entropy)
      const slot = L + 1
      const forged = forge(profile, scoped, signature, scalars, [0, slot])
      expect(hex(forged.pseudonym)).not.toBe(hex(honest.pseudonym))
      const shown: readonly Record<
        'disclosed' | 'disclosedCommitted',
        readonly DisclosedMessage[]
      >[] = [
        { disclosed: own, disclosedCommitted: [{ index: 0, message }] },
        { disclosed: [...own, { index: slot, message }], disclosedCommitted: [] },
      ]
      for (const lists of shown) {
        const statement = { ...scoped, ...forged, ...lists }
        expect(acceptedByTheDraft(profile, statement)).toBe(true)
        expect(verifyProof(profile, statement)).toBe(false)
        expect(verifyProofs(profile, publicKey, [statement]).refused).toEqual([0])
        // Nor with the nym counted as a message, which is what the drafts' text comes to.
        if (N > 1) {
          const shorter = pseudonymProfile({ messages: L, committed: 1, nyms: N - 1 })
          expect(verifyProof(shorter, statement)).toBe(false)
        }
        expect(
          verifyProof(pseudonymProfile({ messages: L, committed: 1, nyms: N }), statement),
        ).toBe(false)
      }
      const honestly = { ...scoped, ...honest, disclosed: own, disclosedCommitted: [] }
      expect(verifyProof(profile, honestly)).toBe(true)
    })

    test('a proof is not taken with the pseudonym of another scope or person', () => {
      const { profile, honest } = issued(randomNyms(N), createScalar(), createScalar())
      const other = issued(randomNyms(N), createScalar(), createScalar()).honest
      const statement = { ...scoped, ...honest, disclosed: own, disclosedCommitted: [] }
      for (const changed of [
        { pseudonym: other.pseudonym },
        { proof: other.proof },
        { scope: text('another') },
        { scope: new Uint8Array(0) },
      ]) {
        expect(verifyProof(profile, { ...statement, ...changed })).toBe(false)
      }
    })
  })
}

test('a signature over one number of nyms proves nothing for another', () => {
  const { signature, scalars } = issued(randomNyms(2), createScalar(), createScalar())
  const one = pseudonymProfile({ messages: L, committed: 0, nyms: 1 })
  const forged = forge(one, scoped, signature, scalars.slice(0, -1), [0])
  const statement = { ...scoped, ...forged, disclosed: own, disclosedCommitted: [] }
  expect(verifyProof(one, statement)).toBe(false)
})

test('the header of a plain signature cannot stand for one with nyms', () => {
  const plain = plainProfile({ messages: L })
  const signature = sign(plain, { secretKey, publicKey, header, messages })
  const { proof } = prove(plain, { ...common, signature, messages, disclosed: [0] })
  for (const profile of [
    blindProfile({ messages: L - 1, committed: 0 }),
    blindProfile({ messages: L, committed: 0 }),
  ]) {
    const statement = { ...common, proof, disclosed: own, disclosedCommitted: [] }
    expect(verifyProof(profile, statement)).toBe(false)
  }
  expect(decodeScalar(signature.subarray(48))).toBeDefined()
})
