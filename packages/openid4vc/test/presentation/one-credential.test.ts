import type { CredentialFormat, JsonObject, Signer } from '@asoba/core'
import { ecdsaSd2023, eddsaJcs2022, eddsaRdfc2022, ldpVc } from '@asoba/data-integrity'
import { compiledProcessor } from '@asoba/data-integrity/compiled'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { vcJwt } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createVerifier, type QueryInput, trustedIssuers } from '@asoba/verifier'
import { createWallet } from '@asoba/wallet'
import { describe, expect, test } from 'vitest'
import { citizenship, clinicOptions, createRegistry } from '../../../verifier/test/nation.ts'
import { answer, citizen, clinicOnTheWeb, codeIn, codes, now } from './world.ts'

const processor = compiledProcessor({
  contexts: [citizenship].map(({ context: { url, bytes } }) => ({
    url,
    document: JSON.parse(new TextDecoder().decode(bytes)) as never,
  })),
})
const { publicJwk, privateJwk } = await createKey('EdDSA')
const did = didJwkOf(publicJwk)
const eddsa = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })

interface Case {
  readonly make: (options: { readonly signer?: Signer }) => CredentialFormat
  /** The issuer, where it is not the one that every registry is. */
  readonly issuer?: string
}
const byEddsa = (suite: Parameters<typeof ldpVc>[0]['suite']): Case => ({
  make: ({ signer }) => ldpVc({ suite, ...(signer && { signer: eddsa }) }),
  issuer: did,
})
const formats: Readonly<Record<string, Case>> = {
  'dc+sd-jwt': { make: sdJwtVc },
  'vc+jwt': { make: vcJwt },
  'ldp_vc/eddsa-jcs-2022': byEddsa(eddsaJcs2022()),
  'ldp_vc/eddsa-rdfc-2022': byEddsa(eddsaRdfc2022(processor)),
  'ldp_vc/ecdsa-sd-2023': {
    make: (options) => ldpVc({ suite: ecdsaSd2023(processor), ...options }),
  },
}

/** A credential without a status entry, in a wallet that has this one copy of it, and who asks. */
async function setting(name: string, { make, issuer }: Case) {
  const format = make({})
  const registry = await createRegistry(make)
  const wallet = createWallet({ formats: [format], now: () => now })
  const [holder] = await wallet.prepare({ format: name, count: 1 })
  const options = { status: undefined, ...(issuer !== undefined && { issuer }) }
  await wallet.receive((await registry.issue({ ...options, ...(holder && { holder }) })).wire)
  const policy = { citizenship: 'none-issued', residency: 'none-issued' } as const
  const verifier = createVerifier({
    ...(await clinicOptions(registry)),
    formats: [format],
    trust: trustedIssuers({ citizenship: [issuer ?? registry.did] }),
    status: { source: await registry.source(), policy },
  })
  return { ...(await clinicOnTheWeb({ verifier })), wallet, verifier, format, registry, options }
}

function queryOf(name: string) {
  const inSubject = name === 'dc+sd-jwt' ? [] : ['credentialSubject']
  const one = {
    id: 'citizen',
    format: name.split('/')[0] ?? '',
    meta:
      name === 'dc+sd-jwt'
        ? { vct_values: [citizenship.vct] }
        : { type_values: [['VerifiableCredential', citizenship.vcdmType]] },
    claims: [{ path: [...inSubject, 'citizen'] }],
  }
  const other = { ...one, id: 'name', claims: [{ path: [...inSubject, 'given_name'] }] }
  const two: QueryInput = { credentials: [one, other] }
  return { two, several: { credentials: [{ ...one, multiple: true }] } as QueryInput, one }
}

describe.each(Object.entries(formats))('one credential of %s', (name, which) => {
  test.each([
    ['direct_post', false],
    ['direct_post.jwt', true],
  ] as const)('answers two queries by %s from one copy', async (mode, encrypted) => {
    const { server, wallet } = await setting(name, which)
    const { two: query } = queryOf(name)
    const { link, transaction } = await server.begin({ flow: 'same-device', query, encrypted })
    const { client, sent } = await citizen(server, { wallet })
    const read = await client.readRequest(link)
    if (!read.verified) throw new Error(JSON.stringify(codes(read)))
    const [match] = await client.match(read.incoming)
    if (match === undefined) throw new Error('the wallet cannot answer')
    const [credential] = match.answers.map((each) => each.credential)
    expect(match.answers).toEqual([
      { query: 'citizen', credential, copiesLeft: 1 },
      { query: 'name', credential, copiesLeft: 1 },
    ])
    const responseCode = codeIn(await client.respond(read.incoming, match))
    const body = new URLSearchParams(sent.at(-1)?.body)
    expect([...body.keys()].includes(mode === 'direct_post' ? 'vp_token' : 'response')).toBe(true)
    expect(await server.collect({ transaction, responseCode, query })).toMatchObject({
      status: 'answered',
      result: {
        verified: true,
        claims: { citizen: { citizen: true }, name: { given_name: expect.any(String) } },
        credentials: { citizen: [{ format: name }], name: [{ format: name }] },
      },
    })
    // The one copy is used up, for every verifier.
    const again = await server.begin({ flow: 'same-device', query, encrypted })
    await expect(answer(client, again.link)).rejects.toMatchObject({
      code: 'wallet.copies-exhausted',
    })
  })

  test('spends one copy of two', async () => {
    const { server, wallet, registry, options } = await setting(name, which)
    const [holder] = await wallet.prepare({ format: name, count: 1 })
    await wallet.receive((await registry.issue({ ...options, ...(holder && { holder }) })).wire)
    const { two: query } = queryOf(name)
    const { client } = await citizen(server, { wallet })
    for (const copiesLeft of [2, 1]) {
      const { link, transaction } = await server.begin({ flow: 'same-device', query })
      const read = await client.readRequest(link)
      if (!read.verified) throw new Error(JSON.stringify(codes(read)))
      const [match] = await client.match(read.incoming)
      if (match === undefined) throw new Error('the wallet cannot answer')
      expect(match.answers).toMatchObject([{ copiesLeft }, { copiesLeft }])
      const responseCode = codeIn(await client.respond(read.incoming, match))
      expect(await server.collect({ transaction, responseCode })).toMatchObject({
        result: { verified: true },
      })
    }
  })

  test('counts once for a query that asks for several', async () => {
    const { verifier, format, registry, options } = await setting(name, which)
    const { several, one } = queryOf(name)
    const make = async () => {
      const { proof, retained } = await format.prepareHolder({
        derive: async (_, length) => crypto.getRandomValues(new Uint8Array(length)),
      })
      const { wire } = await registry.issue({ ...options, holder: proof })
      return { wire: wire as string | JsonObject, retained }
    }
    const [first, second] = [await make(), await make()]
    for (const [both, expected] of [
      [[first, second], []],
      [[first, first], ['presentation.duplicate']],
    ] as const) {
      const request = await verifier.request(several)
      const { audience, nonce, state } = request
      const wires = await Promise.all(
        both.map(async ({ wire, retained }, at) => {
          const made = new Date(now.getTime() - at * 1000)
          const to = { audience, nonce, purpose: 'present', now: made } as const
          const paths = one.claims.map(({ path }) => path)
          return (await format.present({ format: name, wire }, paths, to, retained)).wire
        }),
      )
      expect(new Set(wires.map((wire) => JSON.stringify(wire))).size).toBe(2)
      const result = await verifier.verify({ vp_token: { citizen: wires }, state }, request)
      expect(codes(result)).toEqual(expected)
    }
  })
})
