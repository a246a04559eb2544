import { vectorSuite } from '@asoba/testing'
import { oidfSuite } from '@asoba/testing/oidf'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { holder, linkWith, parametersWith, responseUri } from './by-hand.ts'
import { clinicOnTheWeb, codes, query } from './world.ts'

const verifierInfo = [
  { format: 'jwt', data: 'e30.e30.AA', credential_ids: ['citizen'] },
  { format: 'registration', data: { registrar: 'https://registrar.example' } },
]

/** Parameters of our requests, as they travel. */
async function requests(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { server } = await clinicOnTheWeb()
  const page = { flow: 'dc-api', query, verifierInfo } as const
  const unsigned = await server.begin({ ...page, signed: false })
  const signed = await server.begin(page)
  const byLink = await server.begin({ flow: 'same-device', by: 'value', query, verifierInfo })
  const link = new URLSearchParams(byLink.link.slice(byLink.link.indexOf('?') + 1))
  return [
    unsigned.request.data,
    decodeJwt(String(signed.request.data['request'])),
    decodeJwt(String(link.get('request'))),
  ]
}

oidfSuite((faults) => {
  describe('requests of ours', () => {
    test('ask by a query that the conformance suite reads', async () => {
      for (const { dcql_query } of await requests()) {
        expect(await faults('dcql_query', dcql_query)).toEqual([])
      }
    })

    test('carry verifier_info that the conformance suite reads', async () => {
      for (const { verifier_info } of await requests()) {
        expect(await faults('verifier_info', { verifier_info })).toEqual([])
      }
    })
  })
})

vectorSuite('openid4vp-examples', async (vectors) => {
  const files = await vectors.files()
  const metadata = files.filter((file) => file.includes('/client_metadata/'))
  const queries = files.filter(
    (file) => file.includes('/query_lang/') || /\/request\/dcql_.*\.json$/.test(file),
  )

  test('there are examples', () => {
    expect(metadata.length).toBeGreaterThan(3)
    expect(queries.length).toBeGreaterThan(10)
  })

  test.each(queries)('%s is read by the wallet', async (file) => {
    const example = JSON.parse(await vectors.text(file)) as { credentials: { format: string }[] }
    const parameters = parametersWith({
      client_id: `redirect_uri:${responseUri}`,
      dcql_query: example,
    })
    const { client } = await holder()
    expect(codes(await client.readRequest(linkWith(parameters)))).toEqual([])
  })

  test.each(metadata)('%s is read by the wallet', async (file) => {
    const example = await vectors.json<object>(file)
    const parameters = parametersWith({
      client_id: `redirect_uri:${responseUri}`,
      client_metadata: example,
      response_mode: 'direct_post',
    })
    const { client } = await holder()
    const reading = await client.readRequest(linkWith(parameters))
    expect(codes(reading)).toEqual([])
    const suites = reading.verified ? reading.incoming.cryptosuites : undefined
    expect(suites?.includes('bbs-2023')).toBe(file.includes('ldp') ? true : undefined)
  })
})
