import { fromUtf8, type Json, type Jwk, type PrivateJwk, utf8 } from '@asoba/core'
import { jwkSigner, jwkThumbprint, publicJwkOf } from '@asoba/did'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { parseJws, signJws, verifyJwsWith } from '../src/index.ts'
import { codes } from './fixtures.ts'

interface Example {
  readonly title: string
  readonly reproducible?: boolean
  readonly input: { readonly payload: string; readonly key: PrivateJwk; readonly alg: string }
  readonly signing: { readonly protected?: Readonly<Record<string, Json>> }
  readonly output: {
    readonly compact?: string
    readonly json?: unknown
    readonly json_flat?: unknown
  }
}

vectorSuite('jose-cookbook', (vectors) => {
  for (const file of ['jws/4_3.ecdsa_signature.json', 'curve25519/jws.json']) {
    test(`verifies ${file}, and signs it anew`, async () => {
      const { input, signing, output, reproducible } = await vectors.json<Example>(file)
      const parsed = parseJws(output.compact)
      if (!parsed.verified) throw new Error('expected it to parse')
      expect(fromUtf8(parsed.payload)).toBe(input.payload)
      const key = publicJwkOf(input.key)
      expect(await verifyJwsWith(parsed, [key])).toBe(true)
      const signer = await jwkSigner({ privateJwk: input.key, verificationMethod: '' })
      const { alg: _alg, ...header } = signing.protected ?? {}
      const again = await signJws(header, utf8(input.payload), signer)
      if (reproducible === true) expect(again).toBe(output.compact)
      const reparsed = parseJws(again)
      expect(reparsed.verified && (await verifyJwsWith(reparsed, [key]))).toBe(true)
    })
  }

  test('has the thumbprint of RFC 8037 appendix A.3', async () => {
    const { input } = await vectors.json<Example>('curve25519/jws.json')
    expect(await jwkThumbprint(publicJwkOf(input.key) as Jwk)).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    )
  })

  for (const file of [
    'jws/4_1.rsa_v15_signature.json',
    'jws/4_2.rsa-pss_signature.json',
    'jws/4_4.hmac-sha2_integrity_protection.json',
  ]) {
    test(`refuses the algorithm of ${file}`, async () => {
      const { output } = await vectors.json<Example>(file)
      expect(codes(parseJws(output.compact))).toEqual(['jws.algorithm-unsupported'])
    })
  }

  test('refuses detached content', async () => {
    const { output } = await vectors.json<Example>('jws/4_5.signature_with_detached_content.json')
    expect(codes(parseJws(output.compact))).toEqual(['jws.malformed'])
  })

  test('refuses the JSON serialisations, with one signature, several, or unprotected headers', async () => {
    for (const file of await vectors.files('jws')) {
      const { output } = await vectors.json<Example>(file)
      for (const json of [output.json, output.json_flat]) {
        expect(codes(parseJws(json))).toEqual(['jws.malformed'])
        expect(parseJws(JSON.stringify(json ?? '')).verified).toBe(false)
      }
    }
  })

  test('refuses the unencoded payload of RFC 7797', async () => {
    for (const file of await vectors.files('rfc7797')) {
      if (!file.endsWith('.json')) continue
      const { output } = await vectors.json<Example>(file)
      const { compact } = output
      if (compact !== undefined) expect(parseJws(compact).verified).toBe(false)
      expect(parseJws(output.json).verified).toBe(false)
    }
  })

  test('refuses every JWE', async () => {
    for (const file of await vectors.files('jwe')) {
      const { output } = await vectors.json<Example>(file)
      for (const jwe of [output.compact, output.json, output.json_flat]) {
        expect(codes(parseJws(jwe))).toEqual(['jws.malformed'])
      }
    }
  })
})
