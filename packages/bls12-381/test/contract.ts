import { describe, expect, test } from 'vitest'
import { falseClaims, order, randomScalar, type SecretCurve } from '../src/index.ts'

const hex = (bytes: Uint8Array) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const unhex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const utf8 = (text: string) => new TextEncoder().encode(text)

const generator =
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb'

/** What every backend must do. */
export function curveContract(curve: SecretCurve): void {
  describe(`curve: ${curve.name}`, () => {
    test('encodes the generators and the identity as the standard says', () => {
      expect(hex(curve.encodeG1(curve.g1))).toBe(generator)
      expect(hex(curve.encodeG1(curve.zero))).toBe(`c0${'00'.repeat(47)}`)
      expect(hex(curve.encodeG2(curve.g2))).toMatch(/^93e02b6052719f607dacd3a088274f65596bd0d0/)
    })

    test('reads back what it wrote, of either sign', () => {
      for (const scalar of [1n, 2n, order - 1n, randomScalar(), randomScalar()]) {
        const point = curve.sum([curve.g1], [scalar])
        const again = curve.decodeG1(curve.encodeG1(point))
        expect(again !== undefined && curve.equal(again, point)).toBe(true)
        const key = curve.publicKey(scalar)
        const sameKey = curve.decodeG2(curve.encodeG2(key))
        expect(sameKey && hex(curve.encodeG2(sameKey))).toBe(hex(curve.encodeG2(key)))
      }
    })

    test('refuses the identity, bad flags, bad lengths and what is not canonical', () => {
      const good = unhex(generator)
      const bad = [
        new Uint8Array(0),
        good.subarray(0, 47),
        Uint8Array.of(...good, 0),
        curve.encodeG1(curve.zero),
        Uint8Array.of(0x40, ...new Uint8Array(47)),
        new Uint8Array(48),
        // Without the flag of compression; with the flag of infinity.
        Uint8Array.of(0x17, ...good.subarray(1)),
        Uint8Array.of(0xd7, ...good.subarray(1)),
        // The same x plus p: 384 bits cannot hold the flags of it, so x = p itself and above.
        unhex(
          '9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
        ),
        unhex(`9${'f'.repeat(95)}`),
      ]
      for (const bytes of bad) expect(curve.decodeG1(bytes)).toBeUndefined()
      for (const length of [0, 48, 95, 97]) {
        expect(curve.decodeG2(new Uint8Array(length).fill(0x93))).toBeUndefined()
      }
      expect(curve.decodeG2(Uint8Array.of(0xc0, ...new Uint8Array(95)))).toBeUndefined()
    })

    test('refuses points that are on the curve but not in the subgroup, or on no curve', () => {
      // Of small x, those with an ordinate: the subgroup has one in 2^125 of them.
      for (let x = 0; x < 40; x++) {
        for (const flags of [0x80, 0xa0]) {
          const bytes = new Uint8Array(48)
          bytes[0] = flags
          bytes[47] = x
          expect(curve.decodeG1(bytes)).toBeUndefined()
        }
        const bytes = new Uint8Array(96)
        bytes[0] = 0x80
        bytes[95] = x
        expect(curve.decodeG2(bytes)).toBeUndefined()
      }
    })

    // RFC 9380 appendix J.9.1.
    test('hashes to the curve as RFC 9380 does', () => {
      const dst = utf8('QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_')
      const x = (message: string) => {
        const bytes = curve.encodeG1(curve.hashToG1(utf8(message), dst))
        bytes[0] = (bytes[0] as number) & 0x1f
        return hex(bytes)
      }
      expect(x('')).toBe(
        '052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1',
      )
      expect(x('abc')).toBe(
        '03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903',
      )
      expect(() => curve.hashToG1(utf8('a'), new Uint8Array(0))).toThrow(RangeError)
      expect(() => curve.hashToG1(utf8('a'), new Uint8Array(256))).toThrow(RangeError)
    })

    test('multiplies secrets and public scalars alike, prepared or not', () => {
      const point = curve.hashToG1(utf8('point'), utf8('TEST'))
      const prepared = curve.prepare(point)
      expect(curve.equal(prepared, point)).toBe(true)
      const scalars = [
        0n,
        1n,
        2n,
        3n,
        order - 1n,
        order - 2n,
        0xd201000000010000n ** 2n,
        0xd201000000010000n ** 2n - 1n,
        (1n << 128n) - 1n,
        ...Array.from({ length: 6 }, randomScalar),
      ]
      for (const scalar of scalars) {
        const expected = curve.sumSecret([point], [scalar])
        for (const other of [
          curve.sumSecret([prepared], [scalar]),
          curve.sum([point], [scalar]),
          curve.sum([prepared], [scalar]),
        ]) {
          expect(curve.equal(other, expected)).toBe(true)
        }
      }
      for (const bad of [-1n, order]) {
        expect(() => curve.sum([point], [bad])).toThrow(RangeError)
        expect(() => curve.sumSecret([point], [bad])).toThrow(RangeError)
      }
      expect(() => curve.sum([point], [])).toThrow(RangeError)
      expect(() => curve.publicKey(0n)).toThrow(RangeError)
    })

    test('sums as addition does, with repeated, opposite and absent points', () => {
      const a = curve.hashToG1(utf8('a'), utf8('TEST'))
      const b = curve.prepare(curve.hashToG1(utf8('b'), utf8('TEST')))
      const [k, l, m] = [randomScalar(), randomScalar(), randomScalar()]
      const sum = [
        [a, k],
        [b, l],
        [a, m],
        [curve.zero, m],
        [curve.negate(b), l],
      ] as const
      const expected = sum.reduce(
        (left, [point, scalar]) => curve.add(left, curve.sumSecret([point], [scalar])),
        curve.zero,
      )
      const got = curve.sum(
        sum.map(([point]) => point),
        sum.map(([, scalar]) => scalar),
      )
      expect(curve.equal(got, expected)).toBe(true)
      const secretly = curve.sumSecret(
        sum.map(([point]) => point),
        sum.map(([, scalar]) => scalar),
      )
      expect(curve.equal(secretly, expected)).toBe(true)
      expect(curve.equal(curve.sum([a, a], [k, order - k]), curve.zero)).toBe(true)
      expect(curve.equal(curve.sum([a, a], [k, k]), curve.sum([a], [(2n * k) % order]))).toBe(true)
      expect(curve.equal(curve.sum([a, curve.negate(a)], [k, k]), curve.zero)).toBe(true)
      expect(curve.equal(curve.sum([], []), curve.zero)).toBe(true)
      expect(curve.equal(curve.add(a, a), curve.sum([a], [2n]))).toBe(true)
      expect(curve.equal(curve.add(a, curve.negate(a)), curve.zero)).toBe(true)
      expect(curve.equal(curve.negate(curve.zero), curve.zero)).toBe(true)
    })

    test('pairs bilinearly', () => {
      const [k, l] = [randomScalar(), randomScalar()]
      const left = curve.sum([curve.g1], [k])
      const right = curve.publicKey(l)
      const product = curve.negate(curve.sum([curve.g1], [(k * l) % order]))
      expect(
        curve.pairingsCancel([
          [left, right],
          [product, curve.g2],
        ]),
      ).toBe(true)
      expect(
        curve.pairingsCancel([
          [left, right],
          [curve.negate(left), curve.g2],
        ]),
      ).toBe(false)
      expect(curve.pairingsCancel([[left, right]])).toBe(false)
      expect(curve.pairingsCancel([[curve.zero, right]])).toBe(true)
      expect(curve.pairingsCancel([])).toBe(true)
    })

    test('names the false claims of a batch, also two that would cancel', () => {
      const secret = randomScalar()
      const key = curve.publicKey(secret)
      const claims = Array.from({ length: 7 }, () => {
        const left = curve.sum([curve.g1], [randomScalar()])
        return { left, right: curve.sum([left], [secret]) }
      })
      expect(falseClaims(curve, claims, key, curve.g2)).toEqual([])
      expect(falseClaims(curve, [], key, curve.g2)).toEqual([])
      const shifted = claims.map(({ left, right }, index) => {
        if (index === 2) return { left, right: curve.add(right, curve.g1) }
        if (index === 5) return { left, right: curve.add(right, curve.negate(curve.g1)) }
        return { left, right }
      })
      expect(falseClaims(curve, shifted, key, curve.g2)).toEqual([2, 5])
      const many = Array.from({ length: 1030 }, (_, at) => (at === 1027 ? shifted[2] : claims[0]))
      expect(falseClaims(curve, many as typeof claims, key, curve.g2)).toEqual([1027])
    })

    test('takes no points of another backend', () => {
      expect(() => curve.encodeG1({} as typeof curve.g1)).toThrow(TypeError)
      expect(() => curve.encodeG2({} as typeof curve.g2)).toThrow(TypeError)
    })
  })
}
