import { existsSync, readFileSync } from 'node:fs'
import { bytesOfBase64url } from '@asoba/core'
import { type LoadTrustListOptions, loadTrustList } from '@asoba/verifier/trust-list'
import { describe, expect, test } from 'vitest'
import { buildVectors, type Reader, type Vectors } from './trust-list-vectors.ts'

const folder = new URL('../../../spec/vectors/trust-list/', import.meta.url)
const read = <T>(name: string): T | undefined => {
  const file = new URL(`${name}.json`, folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}
const valid = read<Vectors['valid']>('valid')
const invalid = read<Vectors['invalid']>('invalid')

function optionsOf({ publisher, keys, types, previous, ...rest }: Reader): LoadTrustListOptions {
  return {
    publisher: { id: publisher, keys },
    types: types.map((vct) => ({ name: vct, vct, vcdmType: vct })),
    now: new Date(rest.now * 1000),
    clockTolerance: rest.clock_tolerance,
    maxLength: rest.max_length,
    previous: previous ?? 'none',
    snapshots: 'use',
  }
}

describe('spec/vectors/trust-list/valid.json', () => {
  test.each(valid?.lists ?? [])('accepts: $name', async ({ token, reader, ...expected }) => {
    const options = optionsOf({ ...(valid as Vectors['valid']).reader, ...reader })
    const result = await loadTrustList(token, options)
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    expect(result.mark).toEqual(expected.remembered)
    for (const { at, mechanism, ...query } of expected.trust) {
      const entries = await result.trust.entries({ ...query, at: new Date(at * 1000) })
      expect(entries.map((entry) => entry.mechanism)).toEqual(mechanism === null ? [] : [mechanism])
    }
  })
})

describe('spec/vectors/trust-list/invalid.json', () => {
  test.each(invalid?.lists ?? [])('refuses ($section): $name', async ({ token, reader, code }) => {
    const options = optionsOf({ ...(invalid as Vectors['invalid']).reader, ...reader })
    const result = await loadTrustList(token, options)
    expect(new Set(result.verified ? [] : result.problems.map((one) => one.code))).toEqual(
      new Set([code]),
    )
  })
})

describe('spec/vectors/trust-list', () => {
  // Changed on purpose? `vitest run -u` writes the files anew.
  test('is what the builder writes', async () => {
    const tokens = valid?.lists.map(({ token }) => token.split('.')) ?? []
    const known = new Map(
      tokens.map(([head, body, signature = '']) => [
        `${head}.${body}`,
        bytesOfBase64url(signature),
      ]),
    )
    const vectors = await buildVectors(known)
    for (const name of ['keys', 'valid', 'invalid'] as const) {
      const text = `${JSON.stringify(vectors[name], null, 2)}\n`
      await expect(text).toMatchFileSnapshot(new URL(`${name}.json`, folder).pathname)
    }
  })

  test('has lists of both kinds', () => {
    expect(valid?.lists.length).toBeGreaterThan(10)
    expect(invalid?.lists.length).toBeGreaterThan(50)
  })
})
