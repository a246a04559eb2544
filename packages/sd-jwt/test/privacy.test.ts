import type { VerificationContext } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import { issuerMetadata, presentSdJwt, sdJwtVc, typeMetadataRules } from '../src/index.ts'
import { vcSdJwt } from '../src/vcdm.ts'
import {
  claims,
  context,
  digestOf,
  disclosure,
  forged,
  held,
  input,
  presented,
  signer,
  to,
} from './fixtures.ts'

const secret = 'SeCrEt'
const marked = {
  ...claims,
  given_name: `${secret}-name`,
  family_name: `${secret}-family`,
  [`${secret}_claim`]: 1,
}

function innocent(value: unknown, ...more: readonly string[]): void {
  const everything = everythingIn(value)
  expect(everything).not.toContain(secret)
  for (const one of more) expect(everything).not.toContain(one)
}

async function thrown(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}

describe('nothing of a person gets out', () => {
  test('of a refusal, whatever is wrong', async () => {
    const credential = await held({ claims: marked })
    const wire = await presented(credential, [['given_name'], ['family_name']])
    const [jwt = '', first = '', ...rest] = wire.split('~')
    const broken = [
      wire.slice(0, -3),
      wire.slice(3),
      [jwt, ...rest].join('~'),
      [jwt, first, first, ...rest].join('~'),
      [jwt, first, disclosure('s', secret, secret), ...rest].join('~'),
      [jwt, first, `${first}!`, ...rest].join('~'),
      jwt,
      await forged({
        [secret]: { _sd: secret, '...': secret },
        vct: 1,
        iss: [secret],
        status: secret,
      }),
      await forged({ _sd: [await digestOf(disclosure('s', secret))] }, [disclosure('s', secret)]),
    ]
    const contexts: Partial<VerificationContext>[] = [
      {},
      { audience: `${secret}-audience` },
      { nonce: `${secret}-nonce` },
      { now: new Date('2040-01-01') },
      { purpose: 'poll' },
    ]
    for (const format of [sdJwtVc(), vcSdJwt()]) {
      for (const one of [...broken, wire]) {
        for (const overrides of contexts) {
          const result = await format.verify(one, context(overrides))
          if (!result.verified) innocent(result, first, jwt)
        }
      }
    }
    const documents = new Map([['x', new TextEncoder().encode(secret)]])
    const strict = sdJwtVc({
      typeMetadata: typeMetadataRules({ documents, unknownTypes: 'refused' }),
    })
    innocent(await strict.verify(wire, context()))
  })

  test('of an error, whatever fails', async () => {
    const credential = await held({ claims: marked })
    const wallet = sdJwtVc()
    const key = new TextDecoder().decode(credential.retained)
    const { d } = JSON.parse(key) as { d: string }
    const secured = { format: 'dc+sd-jwt', wire: credential.wire } as const
    const retained = new TextEncoder().encode(`{"kty":"EC","d":"${secret}"}`)
    for (const work of [
      () => wallet.present(secured, [[`${secret}-no-claim`]], to, credential.retained),
      () => wallet.present(secured, [], to, retained),
      () => wallet.present(secured, [], to, new TextEncoder().encode(secret)),
      () => wallet.present({ ...secured, wire: `${credential.wire}${secret}` }, [], to, retained),
      () => wallet.present(secured, [], { ...to, scope: secret }, credential.retained),
      () => wallet.view({ ...secured, wire: `${credential.wire.slice(1)}` }),
      () => presentSdJwt(`${secret}~`, { disclose: [], keyBinding: 'none' }),
      () => sdJwtVc({ signer }).secure({ ...input, claims: { _sd: secret } }, { kind: 'bearer' }),
      () => sdJwtVc({ signer }).secure({ ...input, claims: { iss: secret } }, { kind: 'bearer' }),
      () => vcSdJwt({ signer }).secure({ ...input, claims: { _sd: secret } }, { kind: 'bearer' }),
      () => wallet.secure({ ...input, claims: marked }, credential.proof),
    ]) {
      innocent(await thrown(work), d)
    }
  })

  test('of an issuer that cannot be reached', async () => {
    const find = issuerMetadata({
      fetch: () => Promise.reject(new Error(`connect ${secret}`)),
    })
    innocent(await find(`https://${secret}.example`))
    innocent(await find(`https://registry.example?${secret}`))
  })

  test('two copies shown to two verifiers share no value but what everybody’s copies share', async () => {
    const [one, two] = [await held(), await held({ validFrom: new Date('2026-01-01T23:59:59Z') })]
    const shown = await Promise.all([
      presented(one, [['citizen']]),
      presented(two, [['citizen']], { audience: 'https://clinic.example', nonce: 'another' }),
    ])
    const values = shown.map((wire) => {
      const [jwt = '', ...rest] = wire.split('~')
      const decode = (text = '') => atob(text.replaceAll('-', '+').replaceAll('_', '/'))
      const { _sd, cnf, place_of_birth, ...same } = JSON.parse(decode(jwt.split('.')[1]))
      return { own: [...rest, ..._sd, cnf.jwk.x, jwt.split('.')[2]], same }
    })
    const [a, b] = values
    expect(a?.own.filter((value: string) => b?.own.includes(value))).toEqual([])
    expect(a?.same).toEqual(b?.same)
  })
})
