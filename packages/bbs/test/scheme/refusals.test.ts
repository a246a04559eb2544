import { bytesOf, order } from '@asoba/bls12-381'
import { describe, expect, test } from 'vitest'
import {
  blindProfile,
  blindSign,
  commit,
  createScalar,
  isPublicKey,
  nymSecretsOf,
  plainProfile,
  prove,
  pseudonymOf,
  pseudonymProfile,
  publicKeyOf,
  type Statements,
  scalarFrom,
  secretKeyFrom,
  sign,
  verify,
  verifyBlindSignature,
  verifyCommitment,
  verifyProof,
  verifyProofs,
} from '../../src/scheme.ts'
import {
  committedMessages,
  header,
  messages,
  person,
  presentationHeader,
  profile,
  publicKey,
  scope,
  secretKey,
  statementOf,
} from './people.ts'
import { hex, text, unhex } from './support.ts'

const held = person()
const good = statementOf(held)
const message = text('b')
const accepted = (changed: Partial<Statements['pseudonym']>) =>
  verifyProof(profile, { ...good, ...changed })
const identity = unhex(`c0${'00'.repeat(47)}`)
/** On the curve, of another order. */
const outside = unhex(`80${'00'.repeat(46)}04`)
const zero = new Uint8Array(32)
const tooLarge = [bytesOf(order, 32), new Uint8Array(32).fill(255)]
const spliced = (bytes: Uint8Array, at: number, part: Uint8Array) => {
  const copy = Uint8Array.from(bytes)
  copy.set(part, at)
  return copy
}

describe('a proof', () => {
  test('is accepted as it is', () => {
    expect(accepted({})).toBe(true)
    expect(good.proof.length).toBe(272 + 32 * (3 + 1 + 1 + 2 - 2))
  })

  test('is refused when indexes are out of order, repeated, out of bound or no indexes', () => {
    const at = (index: number) => ({ index, message })
    for (const disclosed of [
      [at(1), at(1)],
      [at(1), at(0)],
      [at(-1)],
      [at(3)],
      [at(4)],
      [at(7)],
      [at(0.5)],
      [at(1 + 2 ** 32)],
      [at(2 ** 53)],
      [at(Number.NaN)],
      [at(Number.POSITIVE_INFINITY)],
      [at('1' as unknown as number)],
      [at(undefined as unknown as number)],
      [at(0)],
      [at(2)],
      [],
    ]) {
      expect(accepted({ disclosed })).toBe(false)
    }
    for (const disclosedCommitted of [[at(0), at(0)], [at(-1)], [at(1)], [at(2)], [at(3)], []]) {
      expect(accepted({ disclosedCommitted })).toBe(false)
    }
  })

  test('is refused with another message, header, key, scope or presentation header', () => {
    const other = text('x')
    for (const changed of [
      { disclosed: [{ index: 1, message: other }] },
      { disclosedCommitted: [{ index: 0, message: other }] },
      { header: other },
      { header: new Uint8Array(0) },
      { presentationHeader: other },
      { presentationHeader: new Uint8Array(0) },
      { scope: other },
      { publicKey: publicKeyOf(createScalar()) },
    ]) {
      expect(accepted(changed)).toBe(false)
    }
  })

  test('is refused when a point is the identity, outside the subgroup, or none', () => {
    for (const part of [identity, outside, new Uint8Array(48), new Uint8Array(48).fill(255)]) {
      for (const at of [0, 48, 96]) {
        expect(accepted({ proof: spliced(good.proof, at, part) })).toBe(false)
      }
      expect(accepted({ pseudonym: part })).toBe(false)
    }
  })

  test('is refused when all its points are the identity, whatever follows', () => {
    const proof = spliced(new Uint8Array(good.proof.length), 0, identity)
    proof.set(identity, 48)
    proof.set(identity, 96)
    proof[proof.length - 1] = 1
    expect(accepted({ proof })).toBe(false)
  })

  test('is refused when the pseudonym is the generator, or of another length', () => {
    const generator = unhex(
      '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
    )
    for (const pseudonym of [
      generator,
      new Uint8Array(0),
      good.pseudonym.subarray(0, 47),
      Uint8Array.of(...good.pseudonym, 0),
    ]) {
      expect(accepted({ pseudonym })).toBe(false)
    }
  })

  test('is refused when a scalar is 0 or not less than the order', () => {
    for (let at = 144; at < good.proof.length; at += 32) {
      for (const part of [zero, ...tooLarge]) {
        expect(accepted({ proof: spliced(good.proof, at, part) })).toBe(false)
      }
    }
  })

  test('is refused when it is truncated or longer', () => {
    const { proof } = good
    const lengths = [0, 1, 47, 48, 143, 144, 240, 271, 272, proof.length - 32, proof.length - 1]
    for (const length of lengths) expect(accepted({ proof: proof.subarray(0, length) })).toBe(false)
    for (const extra of [1, 31, 32, 64, 100_000]) {
      expect(accepted({ proof: spliced(new Uint8Array(proof.length + extra), 0, proof) })).toBe(
        false,
      )
    }
  })

  test('is refused under a key that is none', () => {
    for (const key of [
      new Uint8Array(0),
      new Uint8Array(96),
      publicKey.subarray(0, 95),
      Uint8Array.of(...publicKey, 0),
      spliced(new Uint8Array(96), 0, identity),
    ]) {
      expect(isPublicKey(key)).toBe(false)
      expect(accepted({ publicKey: key })).toBe(false)
      expect(verifyProofs(profile, key, [good, good])).toEqual({ verified: false, refused: [0, 1] })
    }
  })

  test('is refused by a verifier of another profile', () => {
    for (const [m, c, n] of [
      [2, 1, 2],
      [4, 1, 2],
      [3, 0, 2],
      [3, 2, 2],
      [3, 1, 1],
      [3, 1, 3],
      [3, 2, 1],
      [2, 2, 2],
      [4, 0, 2],
    ] as const) {
      const other = pseudonymProfile({ messages: m, committed: c, nyms: n })
      expect(verifyProof(other, good)).toBe(false)
    }
    expect(verifyProof(blindProfile({ messages: 3, committed: 3 }), good)).toBe(false)
    expect(verifyProof(plainProfile({ messages: 7 }), good)).toBe(false)
  })
})

test('two proofs of one person share nothing but what they disclose', () => {
  const again = statementOf(held)
  expect(hex(again.pseudonym)).toBe(hex(good.pseudonym))
  for (let at = 0; at < 144; at += 48) {
    expect(hex(again.proof.subarray(at, at + 48))).not.toBe(hex(good.proof.subarray(at, at + 48)))
  }
  for (let at = 144; at < good.proof.length; at += 32) {
    expect(hex(again.proof.subarray(at, at + 32))).not.toBe(hex(good.proof.subarray(at, at + 32)))
  }
  const elsewhere = statementOf(held, text('elsewhere'))
  expect(hex(elsewhere.pseudonym)).not.toBe(hex(good.pseudonym))
  expect(hex(statementOf(person()).pseudonym)).not.toBe(hex(good.pseudonym))
})

test('one person has one commitment on every device, with another proof each time', () => {
  const secrets = {
    committedMessages,
    nyms: [createScalar(), createScalar()],
    blind: createScalar(),
  }
  const [first, second] = [commit(profile, secrets), commit(profile, secrets)]
  expect(hex(first.subarray(0, 48))).toBe(hex(second.subarray(0, 48)))
  expect(hex(first.subarray(48))).not.toBe(hex(second.subarray(48)))
})

describe('a commitment', () => {
  const nyms = [createScalar(), createScalar()]
  const commitment = commit(profile, { committedMessages, nyms, blind: createScalar() })
  const input = { secretKey, publicKey, header, messages, entropy: createScalar() }
  const signs = (bytes: Uint8Array) => {
    const isGood = verifyCommitment(profile, bytes)
    expect(blindSign(profile, { ...input, commitment: bytes }) !== undefined).toBe(isGood)
    return isGood
  }

  test('is refused unless it is whole, of this profile, and its holder knows what is in it', () => {
    expect(signs(commitment)).toBe(true)
    for (const bytes of [
      new Uint8Array(0),
      commitment.subarray(0, -1),
      commitment.subarray(0, -32),
      Uint8Array.of(...commitment, 0),
      Uint8Array.of(...commitment, ...createScalar()),
      spliced(commitment, 0, identity),
      spliced(commitment, 0, outside),
      spliced(commitment, 0, publicKey.subarray(0, 48)),
      spliced(commitment, 48, createScalar()),
    ]) {
      expect(signs(bytes)).toBe(false)
    }
    for (let at = 48; at < commitment.length; at += 32) {
      for (const part of [zero, ...tooLarge])
        expect(signs(spliced(commitment, at, part))).toBe(false)
    }
    expect(
      verifyCommitment(pseudonymProfile({ messages: 3, committed: 2, nyms: 1 }), commitment),
    ).toBe(true)
    // Which of them are nyms is in the header that is signed, not in the commitment.
    expect(verifyCommitment(blindProfile({ messages: 3, committed: 3 }), commitment)).toBe(false)
  })
})

describe('a signature', () => {
  const plain = plainProfile({ messages: 3 })
  const signature = sign(plain, { secretKey, header, messages })
  const signed = { publicKey, signature, header, messages }

  test('is refused when it is not a signature, or of something else', () => {
    expect(verify(plain, signed)).toBe(true)
    const bad = [
      new Uint8Array(0),
      new Uint8Array(80),
      signature.subarray(0, 79),
      Uint8Array.of(...signature, 0),
      spliced(signature, 0, identity),
      spliced(signature, 0, outside),
      spliced(signature, 48, zero),
      spliced(signature, 48, tooLarge[0] as Uint8Array),
      spliced(signature, 48, createScalar()),
    ]
    for (const bytes of bad) {
      expect(verify(plain, { ...signed, signature: bytes })).toBe(false)
      expect(verifyBlindSignature(profile, { ...held, signature: bytes })).toBe(false)
    }
    for (const changed of [
      { messages: messages.slice(1) },
      { messages: [...messages, text('')] },
      { messages: [...messages].reverse() },
      { header: text('x') },
      { publicKey: new Uint8Array(96) },
      { publicKey: publicKeyOf(createScalar()) },
    ]) {
      expect(verify(plain, { ...signed, ...changed })).toBe(false)
      expect(verifyBlindSignature(profile, { ...held, ...changed })).toBe(false)
    }
  })

  test('is refused when the issuer sends an entropy that is none', () => {
    const nyms = [createScalar(), bytesOf(order - 1n, 32)]
    for (const entropy of [zero, new Uint8Array(31), ...tooLarge, bytesOf(1, 32)]) {
      expect(nymSecretsOf(profile, { nyms, entropy })).toBeUndefined()
    }
  })
})

test("a caller's own mistakes are TypeErrors", () => {
  const proving = { ...held, presentationHeader, scope, disclosed: [1], disclosedCommitted: [] }
  const forgedProfile = { kind: 'plain', messages: 3, committed: 0, nyms: 0 }
  const plain = plainProfile({ messages: 3 })
  const mistakes: readonly (() => unknown)[] = [
    () => verifyProof(forgedProfile as typeof plain, good),
    () => verifyProof({ ...profile } as typeof profile, good),
    () => verifyProofs({ ...profile } as typeof profile, publicKey, [good]),
    () => sign(profile as never, { secretKey, header, messages }),
    () => blindSign(plain as never, { secretKey, header, messages, commitment: zero }),
    () => plainProfile({ messages: -1 }),
    () => plainProfile({ messages: 1.5 }),
    () => plainProfile({ messages: 1e6 }),
    () => pseudonymProfile({ messages: 1, committed: 0, nyms: 0 }),
    () => pseudonymProfile({ messages: 1, committed: 0, nyms: 65 }),
    () => sign(plain, { secretKey: zero, header, messages }),
    () => sign(plain, { secretKey: tooLarge[0] as Uint8Array, header, messages }),
    () => sign(plain, { secretKey: new Uint8Array(31), header, messages }),
    () => sign(plain, { secretKey, header, messages: [] }),
    () => publicKeyOf(zero),
    () => secretKeyFrom(new Uint8Array(31)),
    () => scalarFrom(new Uint8Array(47)),
    () => scalarFrom(new Uint8Array(48)),
    () => prove(profile, { ...proving, disclosed: [1, 1] }),
    () => prove(profile, { ...proving, disclosed: [3] }),
    () => prove(profile, { ...proving, disclosedCommitted: [1] }),
    () => prove(profile, { ...proving, signature: new Uint8Array(80) }),
    () => prove(profile, { ...proving, messages: [] }),
    () => prove(profile, { ...proving, committedMessages: [] }),
    () => prove(profile, { ...proving, nymSecrets: held.nymSecrets.slice(1) }),
    () => prove(profile, { ...proving, blind: zero }),
    () => pseudonymOf(profile, { nymSecrets: [], scope }),
    () => nymSecretsOf(profile, { nyms: [], entropy: createScalar() }),
    () => commit(profile, { committedMessages: [], nyms: held.nymSecrets, blind: held.blind }),
    () => commit(profile, { committedMessages, nyms: [], blind: held.blind }),
    () => commit(profile, { committedMessages, nyms: held.nymSecrets, blind: zero }),
  ]
  for (const mistake of mistakes) expect(mistake).toThrow(TypeError)
})
