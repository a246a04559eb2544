import { oidfFaults, oidfSuite } from '@asoba/testing/oidf'
import { describe, expect, test } from 'vitest'
import { vectorSuite } from '../src/index.ts'

/** JSON of an example that may be the body of an HTTP message. */
function bodyOf(text: string): Record<string, unknown> {
  return JSON.parse(text.slice(text.indexOf('{'))) as Record<string, unknown>
}

type Change = (document: Record<string, unknown>) => unknown
const without =
  (name: string): Change =>
  ({ [name]: _, ...rest }) =>
    rest
const withMembers =
  (members: object): Change =>
  (document) => ({ ...document, ...members })

oidfSuite((faults) => {
  const examples = 'openid4vci-examples'
  const offer = {
    credential_issuer: 'https://registry.example',
    credential_configuration_ids: ['citizenship'],
    grants: {
      'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' },
    },
  }
  const query = {
    credentials: [
      {
        id: 'citizen',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['https://nation.example/citizenship'] },
        claims: [{ path: ['citizen'] }],
      },
    ],
  }
  const request = { credential_configuration_id: 'citizenship', proofs: { jwt: ['a.b.c'] } }

  test('accepts an offer, a credential request and a query', async () => {
    expect(await faults('credential_offer', offer)).toEqual([])
    expect(await faults('credential_request', request)).toEqual([])
    expect(await faults('dcql_query', query)).toEqual([])
  })

  test('reads a document as it would be on the wire', async () => {
    expect(await faults('credential_offer', { ...offer, unknown: undefined })).toEqual([])
    expect(await faults('credential_offer', undefined)).not.toEqual([])
  })

  test.each<[string, 'credential_offer' | 'credential_request' | 'dcql_query', unknown]>([
    ['an offer without an issuer', 'credential_offer', without('credential_issuer')(offer)],
    ['an offer of nothing', 'credential_offer', { ...offer, credential_configuration_ids: [] }],
    ['a request for nothing', 'credential_request', { proofs: request.proofs }],
    [
      'a request with two kinds of proof',
      'credential_request',
      { ...request, proofs: { jwt: ['a.b.c'], di_vp: [{}] } },
    ],
    [
      'a request by identifier and by configuration',
      'credential_request',
      { ...request, credential_identifier: 'one' },
    ],
    ['a query for nothing', 'dcql_query', { credentials: [] }],
    [
      'a query without meta',
      'dcql_query',
      { credentials: query.credentials.map((each) => without('meta')(each)) },
    ],
  ])('refuses %s', async (_title, document, value) => {
    expect(await faults(document, value)).not.toEqual([])
  })

  vectorSuite(examples, (vectors) => {
    test.each([
      'credential_offer_authz_code.txt',
      'credential_offer_by_reference.json',
      'credential_offer_multiple_credentials.json',
      'credential_offer_pre-authz_code.json',
    ])('accepts the offer %s, and refuses it when it is broken', async (name) => {
      const example = bodyOf(await vectors.text(`1.0/${name}`))
      expect(await faults('credential_offer', example)).toEqual([])
      for (const change of [
        without('credential_issuer'),
        without('credential_configuration_ids'),
        withMembers({ credential_configuration_ids: 'one' }),
        withMembers({ grants: { authorization_code: { state: 'x' } } }),
      ]) {
        expect(await faults('credential_offer', change(example))).not.toEqual([])
      }
    })

    test('accepts the metadata of an issuer, and refuses them when they are broken', async () => {
      const example = await vectors.json<Record<string, unknown>>(
        '1.0/credential_issuer_metadata_sd_jwt_long.json',
      )
      expect(await faults('credential_issuer_metadata', example)).toEqual([])
      for (const change of [
        without('credential_issuer'),
        without('credential_endpoint'),
        without('credential_configurations_supported'),
        withMembers({ authorization_servers: 'https://server.example' }),
        withMembers({ credential_response_encryption: {} }),
      ]) {
        expect(await faults('credential_issuer_metadata', change(example))).not.toEqual([])
      }
    })

    test.each([
      ['accepts', 'jwt_vc_json'],
      ['accepts', 'mso_mdoc'],
      ['accepts', 'sd_jwt_vc'],
      // Whose own members the schema does not know, and no unknown ones are allowed.
      ['refuses', 'ldp_vc'],
    ])('%s the configuration of %s', async (verdict, name) => {
      const part = await vectors.json<object>(`1.0/credential_metadata_${name}.json`)
      const metadata = {
        credential_issuer: 'https://registry.example',
        credential_endpoint: 'https://registry.example/credential',
        ...part,
      }
      const found = await faults('credential_issuer_metadata', metadata)
      if (verdict === 'accepts') expect(found).toEqual([])
      else expect(found.join()).toContain('"credential_definition"')
    })
  })

  vectorSuite('openid4vp-examples', (vectors) => {
    test.each([
      'claims_alternatives',
      'complex_mdoc',
      'credentials_alternatives',
      'multi_credentials',
      'simple',
      'simple_mdoc',
      'value_matching_simple',
    ])('accepts the query %s, and refuses it when it is broken', async (name) => {
      const example = await vectors.json<Record<string, unknown>>(`1.0/query_lang/${name}.json`)
      expect(await faults('dcql_query', example)).toEqual([])
      for (const change of [
        without('credentials'),
        withMembers({ credentials: [] }),
        withMembers({ credential_sets: [] }),
        withMembers({ unknown: true }),
      ]) {
        expect(await faults('dcql_query', change(example))).not.toEqual([])
      }
    })

    test.each(['dcql_jwt_vc', 'dcql_ldp_vc'])(
      'has no schema for the format of %s',
      async (name) => {
        const example = await vectors.json(`1.0/request/${name}.json`)
        expect(await faults('dcql_query', example)).not.toEqual([])
      },
    )
  })
})

vectorSuite('oidf-conformance', async (vectors) => {
  const faults = oidfFaults(vectors)
  const folder = 'src/test/resources/metadata/openid4vci-1_0'
  const names = (await vectors.files(folder)).map((path) => path.slice(folder.length + 1))
  const documents = [
    ['openid-credential-issuer-metadata', 'credential_issuer_metadata'],
    ['oauth-authorization-server-metadata', 'authorization_server_metadata'],
  ] as const

  // Called valid there, with warnings: a member of the wallet's world (`value_type`), a format
  // that nobody knows, a misspelt `vct`.
  const warned = /eudiw|mock-full|missing-vct/

  describe.each(documents)('metadata of the suite itself: %s', (kind, document) => {
    test.each(names.filter((each) => each.startsWith(`valid-${kind}`)))(
      'judges %s',
      async (name) => {
        const found = await faults(document, await vectors.json(`${folder}/${name}`))
        if (kind.startsWith('openid') && warned.test(name)) expect(found).not.toEqual([])
        else expect(found).toEqual([])
      },
    )

    test.each(names.filter((each) => each.startsWith(`invalid-${kind}`)))(
      'refuses %s',
      async (name) => {
        expect(await faults(document, await vectors.json(`${folder}/${name}`))).not.toEqual([])
      },
    )
  })
})
