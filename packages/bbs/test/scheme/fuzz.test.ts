import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blindSign,
  commit,
  createScalar,
  isPublicKey,
  plainProfile,
  prove,
  pseudonymProfile,
  type Statements,
  sign,
  verify,
  verifyCommitment,
  verifyProof,
  verifyProofs,
} from '../../src/scheme.ts'
import { header, messages, person, profile, publicKey, secretKey, statementOf } from './people.ts'
import { text } from './support.ts'

const good = statementOf(person())
const flipped = (bytes: Uint8Array, at: number, by: number) => {
  const copy = Uint8Array.from(bytes)
  copy[at % bytes.length] = (copy[at % bytes.length] as number) ^ by
  return copy
}
const by = fc.integer({ min: 1, max: 255 })
const place = fc.nat({ max: 100_000 })

describe('no byte can be changed', () => {
  test('in a proof: each of them once', () => {
    const small = plainProfile({ messages: 1 })
    const presentationHeader = text('ph')
    const common = { publicKey, header, presentationHeader }
    const one = [text('only')]
    const signature = sign(small, { secretKey, publicKey, header, messages: one })
    const { proof } = prove(small, { ...common, signature, messages: one, disclosed: [] })
    expect(verifyProof(small, { ...common, proof, disclosed: [] })).toBe(true)
    for (let at = 0; at < proof.length; at++) {
      const bit = 1 << ((at * 5) & 7)
      const bad = flipped(proof, at, bit)
      expect(verifyProof(small, { ...common, proof: bad, disclosed: [] })).toBe(false)
    }
  })

  test('in anything that a verifier is given', () => {
    const parts = [
      'proof',
      'pseudonym',
      'header',
      'presentationHeader',
      'scope',
      'publicKey',
    ] as const
    fc.assert(
      fc.property(fc.constantFrom(...parts), place, by, (part, at, change) => {
        const statement = { ...good, [part]: flipped(good[part], at, change) }
        expect(verifyProof(profile, statement)).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  test('in a signature or commitment', () => {
    const plain = plainProfile({ messages: 3 })
    const signature = sign(plain, { secretKey, publicKey, header, messages })
    const nyms = [createScalar(), createScalar()]
    const commitment = commit(profile, {
      committedMessages: [text('mine')],
      nyms,
      blind: createScalar(),
    })
    fc.assert(
      fc.property(place, by, (at, change) => {
        const bad = flipped(signature, at, change)
        expect(verify(plain, { publicKey, header, messages, signature: bad })).toBe(false)
        expect(verifyCommitment(profile, flipped(commitment, at, change))).toBe(false)
      }),
      { numRuns: 30 },
    )
  })
})

describe('never throws and never accepts', () => {
  const bytes = fc.uint8Array({ maxLength: 600 })
  // Bytes that look like points and scalars go further than random ones.
  const pieces = fc
    .array(
      fc.oneof(
        fc.constantFrom(good.proof.subarray(0, 48), good.pseudonym, publicKey.subarray(0, 48)),
        fc.uint8Array({ minLength: 32, maxLength: 32 }).map((scalar) => flipped(scalar, 0, 0)),
        fc.constantFrom(good.proof.subarray(144, 176), good.proof.subarray(-32)),
      ),
      { maxLength: 16 },
    )
    .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))
  const index = fc.oneof(fc.integer(), fc.double(), fc.nat({ max: 8 }))
  const list = fc.array(fc.record({ index, message: bytes }), { maxLength: 6 })

  test('any statement', () => {
    const small = pseudonymProfile({ messages: 2, committed: 1, nyms: 1 })
    fc.assert(
      fc.property(
        fc.record({
          publicKey: fc.oneof(bytes, fc.constant(publicKey)),
          header: bytes,
          presentationHeader: bytes,
          scope: bytes,
          pseudonym: fc.oneof(bytes, fc.constant(good.pseudonym)),
          proof: fc.oneof(bytes, pieces, fc.constant(good.proof)),
          disclosed: list,
          disclosedCommitted: list,
        }),
        (statement: Statements['pseudonym']) => {
          expect(verifyProof(small, statement)).toBe(false)
          expect(verifyProof(profile, statement)).toBe(false)
          expect(verifyProofs(profile, statement.publicKey, [statement]).verified).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('any proof put together from good points and scalars', () => {
    const points = [0, 48, 96].map((at) => good.proof.subarray(at, at + 48))
    const point = fc.constantFrom(...points, good.pseudonym)
    const scalars = Array.from({ length: (good.proof.length - 144) / 32 }, (_, at) =>
      good.proof.subarray(144 + 32 * at, 176 + 32 * at),
    )
    const scalar = fc.oneof(
      fc.constantFrom(...scalars),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((random) => {
        const small = Uint8Array.from(random)
        small[0] = (small[0] as number) & 0x3f
        return small
      }),
    )
    const made = fc
      .tuple(
        fc.tuple(point, point, point),
        fc.array(scalar, { minLength: scalars.length, maxLength: scalars.length }),
      )
      .map(([three, rest]) => Uint8Array.from([...three, ...rest].flatMap((part) => [...part])))
    fc.assert(
      fc.property(made, point, (proof, pseudonym) => {
        expect(proof.length).toBe(good.proof.length)
        expect(verifyProof(profile, { ...good, proof, pseudonym })).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('any key, commitment or signature', () => {
    const plain = plainProfile({ messages: 1 })
    fc.assert(
      fc.property(fc.oneof(bytes, pieces), bytes, (value, message) => {
        expect(isPublicKey(value)).toBe(false)
        expect(verifyCommitment(profile, value)).toBe(false)
        const input = { secretKey, publicKey, header, messages, entropy: secretKey }
        expect(blindSign(profile, { ...input, commitment: value })).toBeUndefined()
        const signed = { publicKey, header, messages: [message], signature: value }
        expect(verify(plain, signed)).toBe(false)
        expect(verify(plain, { ...signed, publicKey: value })).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})
