import { isJsonObject, type Json } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { type OpenedSdJwt, openSdJwt, sdJwtVc } from '../src/index.ts'
import { vcSdJwt } from '../src/vcdm.ts'
import { bare, codes, context, digestOf, disclosure, forged, held, signer } from './fixtures.ts'

type Rule = readonly [string, (credential: OpenedSdJwt) => boolean]

const header = ({ jws }: OpenedSdJwt) => jws.header
const isUri = (value: Json | undefined) => typeof value === 'string' && URL.canParse(value)
const plain = (name: string, { payload, claims }: OpenedSdJwt) =>
  JSON.stringify(payload[name]) === JSON.stringify(claims[name])

// Draft -13, which HAIP 1.0 pins, and what HAIP itself adds.
const draft13: readonly Rule[] = [
  ['typ is dc+sd-jwt', (one) => header(one).typ === 'dc+sd-jwt'],
  ['vct is a collision-resistant name', ({ claims }) => isUri(claims['vct'])],
  [
    'these are in no disclosure',
    (one) =>
      ['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status'].every((name) =>
        plain(name, one),
      ),
  ],
  ['HAIP: cnf holds a JWK', ({ claims: { cnf } }) => isJsonObject(cnf) && isJsonObject(cnf['jwk'])],
  ['HAIP: signed by ES256', (one) => header(one).alg === 'ES256'],
  [
    'HAIP: status, where there is one, is a token status list',
    ({ claims: { status } }) =>
      status === undefined || (isJsonObject(status) && isJsonObject(status['status_list'])),
  ],
  ['HAIP: SHA-256 for disclosures', ({ payload }) => payload['_sd_alg'] === 'sha-256'],
]
// Draft -19: `aka_vcts` is new, sub-claims of what must be shown are shown, x5c or iss.
const draft19: readonly Rule[] = [
  ...draft13.filter(([name]) => !name.startsWith('HAIP')),
  ['aka_vcts is not needed', ({ claims }) => claims['aka_vcts'] === undefined],
  [
    'nothing below these is in a disclosure',
    ({ payload }) =>
      ['cnf', 'status'].every((name) => !JSON.stringify(payload[name]).includes('_sd')),
  ],
  ['an issuer is named', (one) => isUri(one.claims['iss']) || header(one).x5c !== undefined],
]

describe.each([
  ['draft -13 under HAIP 1.0', draft13],
  ['draft -19', draft19],
] as const)('%s', (_name, rules) => {
  const bearer = context({ holderBinding: () => 'bearer' })

  test.each(rules)('%s', async (_rule, holds) => {
    for (const options of [{}, { signer: { ...signer, x5c: ['MAAA'] } }, { decoys: 3 }]) {
      const opened = openSdJwt((await held({}, options)).wire)
      if (!opened.verified) throw new Error('does not open')
      expect(holds(opened)).toBe(true)
    }
  })

  test('accepts a credential that says no more than it must', async () => {
    expect((await sdJwtVc().verify(await forged(bare), bearer)).verified).toBe(true)
  })
})

describe('where the drafts differ', () => {
  const bearer = context({ holderBinding: () => 'bearer' })

  test('vc+sd-jwt with vct, which -13 tolerates, is an SD-JWT VC for verifier and holder', async () => {
    for (const typ of ['vc+sd-jwt', 'application/VC+SD-JWT']) {
      const wire = await forged(bare, [], { typ })
      expect(sdJwtVc().recognises(wire)).toBe(true)
      expect(vcSdJwt().recognises(wire)).toBe(false)
      expect((await sdJwtVc().verify(wire, bearer)).verified).toBe(true)
      const view = sdJwtVc().view({ format: 'dc+sd-jwt', wire })
      expect(view).toMatchObject({ dcqlFormat: 'dc+sd-jwt', vcts: [bare['vct']] })
    }
  })

  test('vc+sd-jwt with @context is one of the data model, with vct as well or without', async () => {
    const context = { '@context': ['https://www.w3.org/ns/credentials/v2'] }
    const { vct: _vct, ...without } = bare
    for (const payload of [{ ...bare, ...context }, { ...without, ...context }, without]) {
      const wire = await forged(payload, [], { typ: 'vc+sd-jwt' })
      expect(sdJwtVc().recognises(wire)).toBe(false)
      expect(vcSdJwt().recognises(wire)).toBe(true)
      expect(codes(await sdJwtVc().verify(wire, bearer))).toContain('jws.type-mismatch')
    }
  })

  test('a vct that only a disclosure holds makes no SD-JWT VC', async () => {
    const { vct, ...without } = bare
    const hidden = disclosure('s1', 'vct', vct as string)
    const wire = await forged({ ...without, _sd: [await digestOf(hidden)] }, [hidden], {
      typ: 'vc+sd-jwt',
    })
    expect(sdJwtVc().recognises(wire)).toBe(false)
    expect(codes(await sdJwtVc().verify(wire, bearer))).toContain('jws.type-mismatch')
  })

  test('aka_vcts, new in -18, neither helps nor harms', async () => {
    const with_ = { ...bare, aka_vcts: ['urn:example:other'] }
    expect((await sdJwtVc().verify(await forged(with_), bearer)).verified).toBe(true)
    // Trust and matching go by vct alone: the right type as an alias is not the right type.
    const alias = { ...bare, vct: 'urn:example:other', aka_vcts: [bare['vct'] as string] }
    expect(codes(await sdJwtVc().verify(await forged(alias), bearer))).toEqual(['issuer.untrusted'])
    const view = sdJwtVc().view({ format: 'dc+sd-jwt', wire: await forged(with_) })
    expect(view.vcts).toEqual([bare['vct']])
  })
})
