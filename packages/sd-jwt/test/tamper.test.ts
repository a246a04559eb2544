import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSdJwt, sdJwtToJson, sdJwtVc } from '../src/index.ts'
import { hasIntegrity, parseTypeMetadata } from '../src/type-metadata.ts'
import { vcSdJwt } from '../src/vcdm.ts'
import { bare, context, digestOf, disclosure, forged, held, presented } from './fixtures.ts'

const format = sdJwtVc()
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~.'

describe('whatever the bytes', () => {
  test('no other character in any one place ever verifies', async () => {
    const wire = await presented(await held(), [['citizen'], ['nationalities', 1]])
    expect((await format.verify(wire, context())).verified).toBe(true)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(wire.length - 1),
        fc.constantFrom(...alphabet),
        async (at, character) => {
          fc.pre(wire[at] !== character)
          const changed = wire.slice(0, at) + character + wire.slice(at + 1)
          expect((await format.verify(changed, context())).verified).toBe(false)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('no part left out, doubled or moved ever verifies', async () => {
    const wire = await presented(await held(), [['citizen'], ['nationalities', 1]])
    const parts = wire.split('~')
    const index = fc.nat(parts.length - 1)
    await fc.assert(
      fc.asyncProperty(
        index,
        index,
        fc.constantFrom('cut', 'double', 'swap'),
        async (a, b, how) => {
          const changed = [...parts]
          if (how === 'cut') changed.splice(a, 1)
          else if (how === 'double') changed.splice(b, 0, parts[a] as string)
          else [changed[a], changed[b]] = [parts[b] as string, parts[a] as string]
          fc.pre(changed.join('~') !== wire)
          expect((await format.verify(changed.join('~'), context())).verified).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('judging arbitrary text, bytes and JSON refuses and never throws', async () => {
    const anything = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(fc.constantFrom(...alphabet), { maxLength: 200 }).map((all) => all.join('')),
      fc.anything(),
      fc.json().map((text) => JSON.parse(text) as unknown),
      fc.uint8Array({ maxLength: 100 }),
    )
    const vcdm = vcSdJwt()
    await fc.assert(
      fc.asyncProperty(anything, async (wire) => {
        expect(openSdJwt(wire).verified).toBe(false)
        expect((await format.verify(wire, context())).verified).toBe(false)
        expect((await vcdm.verify(wire, context())).verified).toBe(false)
        expect(format.recognises(wire)).toBe(false)
        expect(vcdm.recognises(wire)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  test('signed payloads and disclosures of any JSON never throw', async () => {
    const json = fc.jsonValue({ maxDepth: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('_sd', '...', '_sd_alg', 'cnf', 'exp', 'vct', 'iss', 'a'),
          json,
        ),
        fc.array(fc.array(json, { maxLength: 4 }), { maxLength: 3 }),
        async (payload, values) => {
          const disclosures = values.map((parts) =>
            disclosure(...JSON.parse(JSON.stringify(parts))),
          )
          const digests = await Promise.all(disclosures.map(digestOf))
          const claims = JSON.parse(JSON.stringify({ _sd: digests, ...payload }))
          const wire = await forged(claims, disclosures)
          const result = await format.verify(wire, context())
          expect(typeof result.verified).toBe('boolean')
          expect(() => openSdJwt(sdJwtToJson(wire, { form: 'general' }))).not.toThrow()
        },
      ),
      { numRuns: 100 },
    )
  })

  test('type metadata of any bytes are refused and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        expect(parseTypeMetadata(bytes, { vct: text }).verified).toBe(false)
        expect(hasIntegrity(bytes, text)).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  test('a credential as big as the limit is judged, and one bigger is refused', async () => {
    const { length } = await forged({ ...bare, filler: '' })
    const fits = await forged({
      ...bare,
      filler: 'x'.repeat(Math.floor(((1_048_576 - length) * 3) / 4) - 8),
    })
    expect(openSdJwt(fits).verified).toBe(true)
    expect(openSdJwt(`${fits}${'x'.repeat(1_048_577 - fits.length)}`)).toMatchObject({
      problems: [{ code: 'input.too-large' }],
    })
  })
})
