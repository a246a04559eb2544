import { isJsonObject, type Json, type Jwk, type PrivateJwk } from '@asoba/core'
import { jwkSigner } from '@asoba/did'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { issueSdJwt, openSdJwt, presentSdJwt, verifySdJwt } from '../src/index.ts'

// settings.yml of the test cases.
const issuerKey: PrivateJwk = {
  kty: 'EC',
  d: 'Ur2bNKuBPOrAaxsRnbSH6hIhmNTxSGXshDSUD1a1y7g',
  crv: 'P-256',
  x: 'b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ',
  y: 'Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8',
}
const holderKey: PrivateJwk = {
  kty: 'EC',
  d: '5K5SCos8zf9zRemGGUl6yfok-_NiiryNZsvANWMhF-I',
  crv: 'P-256',
  x: 'TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc',
  y: 'ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ',
}
const { d: _, ...issuerPublic } = issuerKey
const audience = 'https://example.com/verifier'
const nonce = '1234567890'

function findKeys(): Promise<{ verified: true; checks: []; keys: readonly Jwk[] }> {
  return Promise.resolve({ verified: true, checks: [], keys: [issuerPublic] })
}

function options(typ: string, now: Date) {
  const keyBinding = { audience, nonce, maxProofAge: 60, withoutKey: 'accepted' } as const
  return { typ, findKeys, now, clockTolerance: 0, keyBinding }
}

/** The holder's second, so that the key binding is fresh whenever the vector was made. */
function timeOf(presentation: unknown): Date {
  const opened = openSdJwt(presentation)
  const payload = opened.verified ? opened.keyBinding?.split('.')[1] : undefined
  if (payload === undefined) return new Date(1_700_000_000_000)
  const { iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
  return new Date(iat * 1000)
}

const folders = [
  ['sd-jwt-testcases', 'testcases', 'example+sd-jwt'],
  ['sd-jwt-vc-examples', 'examples', 'dc+sd-jwt'],
] as const

for (const [suite, folder, typ] of folders) {
  vectorSuite(suite, async (vectors) => {
    const files = await vectors.files(folder)
    const names = files
      .filter((path) => path.endsWith('/verified_contents.json'))
      .map((path) => path.split('/')[1] as string)

    test('has its test cases', () => {
      expect(names.length).toBe(folder === 'testcases' ? 17 : 3)
    })

    const read = async (name: string, part: string): Promise<unknown> => {
      const base = `${folder}/${name}/${part}`
      if (!files.includes(`${base}.json`)) {
        // Some are broken into lines for print.
        return (await vectors.text(`${base}.txt`)).replace(/\s/g, '')
      }
      const json = await vectors.json(`${base}.json`)
      return typeof json === 'string' ? JSON.parse(json) : json
    }

    for (const name of names) {
      test(`${name}: verifies the presentation to the expected contents`, async () => {
        const presentation = await read(name, 'sd_jwt_presentation')
        const result = await verifySdJwt(presentation, options(typ, timeOf(presentation)))
        expect(result).toMatchObject({ verified: true })
        expect(result.verified && result.claims).toEqual(
          await vectors.json(`${folder}/${name}/verified_contents.json`),
        )
      })

      test(`${name}: a holder verifies what was issued`, async () => {
        const issued = await read(name, 'sd_jwt_issuance')
        const now = new Date(1_700_000_000_000)
        const result = await verifySdJwt(issued, { ...options(typ, now), keyBinding: 'as-issued' })
        expect(result).toMatchObject({ verified: true })
        // A long value is broken into lines for print.
        const text = await vectors.text(`${folder}/${name}/user_claims.json`)
        const claims = JSON.parse(text.replace(/\n {4}(?=[\w/+])/g, '')) as Record<string, Json>
        expect(result.verified && result.claims).toMatchObject(claims)
      })

      test(`${name}: the same claims issued, presented and verified by us come out the same`, async () => {
        const issued = openSdJwt(await read(name, 'sd_jwt_issuance'))
        const shown = openSdJwt(await read(name, 'sd_jwt_presentation'))
        if (!issued.verified || !shown.verified) throw new Error('the vector does not open')
        const signer = await jwkSigner({ privateJwk: issuerKey, verificationMethod: '' })
        const ours = await issueSdJwt(issued.claims, {
          signer,
          typ,
          disclosable: issued.disclosed.map(({ path }) => path),
          decoys: 2,
        })
        const encoded = new Set(shown.disclosed.map(({ disclosure }) => disclosure.encoded))
        const disclose = issued.disclosed
          .filter(({ disclosure }) => encoded.has(disclosure.encoded))
          .map(({ path }) => path)
        const now = new Date(1_700_000_000_000)
        const holder = await jwkSigner({ privateJwk: holderKey, verificationMethod: '' })
        const bound = isJsonObject(issued.claims['cnf'])
        const presentation = await presentSdJwt(ours, {
          disclose,
          keyBinding: bound ? { signer: holder, audience, nonce, issuedAt: now } : 'none',
        })
        const result = await verifySdJwt(presentation, options(typ, now))
        expect(result).toMatchObject({ verified: true, holder: { proven: bound } })
        expect(result.verified && result.claims).toEqual(
          await vectors.json(`${folder}/${name}/verified_contents.json`),
        )
      })
    }
  })
}
