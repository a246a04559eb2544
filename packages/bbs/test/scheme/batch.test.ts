import { describe, expect, test } from 'vitest'
import { createSecretKey, publicKeyOf, verifyProof, verifyProofs } from '../../src/scheme.ts'
import { person, profile, publicKey, statementOf } from './people.ts'
import { text } from './support.ts'

describe('a batch', () => {
  const people = Array.from({ length: 5 }, person)
  const statements = people.map((held) => statementOf(held))

  test('of good proofs is good, also of one and of none', () => {
    expect(verifyProofs(profile, publicKey, statements)).toEqual({ verified: true, refused: [] })
    expect(verifyProofs(profile, publicKey, statements.slice(0, 1)).verified).toBe(true)
    expect(verifyProofs(profile, publicKey, [])).toEqual({ verified: true, refused: [] })
  })

  test('names each bad proof, whatever is wrong with it', () => {
    const [a, b, c, d, e] = statements as [
      (typeof statements)[0],
      (typeof statements)[0],
      (typeof statements)[0],
      (typeof statements)[0],
      (typeof statements)[0],
    ]
    const bad = [
      a,
      { ...b, presentationHeader: text('replayed') },
      c,
      { ...d, proof: d.proof.subarray(1) },
      { ...e, disclosed: [...e.disclosed, ...e.disclosed] },
    ]
    expect(verifyProofs(profile, publicKey, bad)).toEqual({ verified: false, refused: [1, 3, 4] })
  })

  test('names those that fail only in the pairing', () => {
    // Good in everything but the issuer: proofs of a credential that we signed ourselves.
    const stranger = { ...(people[0] as (typeof people)[0]) }
    const forged = statementOf({
      ...stranger,
      signature: Uint8Array.of(
        ...(people[1]?.signature ?? []).slice(0, 48),
        ...stranger.signature.slice(48),
      ),
    })
    expect(verifyProof(profile, forged)).toBe(false)
    const mixed = [forged, ...statements, forged]
    expect(verifyProofs(profile, publicKey, mixed)).toEqual({ verified: false, refused: [0, 6] })
    expect(verifyProofs(profile, publicKey, [forged])).toEqual({ verified: false, refused: [0] })
  })

  test('takes the key of the verifier and not one in a statement', () => {
    const other = publicKeyOf(createSecretKey())
    expect(verifyProofs(profile, other, statements.slice(0, 2)).refused).toEqual([0, 1])
  })

  test('is not too large for one draw of random weights', () => {
    const many = Array.from({ length: 9 }, (_, at) => statements[at % 5] as (typeof statements)[0])
    expect(verifyProofs(profile, publicKey, many).verified).toBe(true)
  })
})
