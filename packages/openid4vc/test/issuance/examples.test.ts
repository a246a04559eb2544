import { isJsonObject, type JsonObject, parseJson } from '@asoba/core'
import { sdJwtVc } from '@asoba/sd-jwt'
import { vectorSuite } from '@asoba/testing'
import { createWallet } from '@asoba/wallet'
import { expect, test } from 'vitest'
import { createIssuanceClient } from '../../src/wallet.ts'

/** Reads an offer where the issuer, the server and what is behind a link say this. */
async function read(link: string, documents: Readonly<Record<string, unknown>>) {
  const reach: typeof fetch = async (input) => {
    const found = documents[String(input)]
    return found === undefined ? new Response('', { status: 404 }) : Response.json(found)
  }
  const client = createIssuanceClient({
    wallet: createWallet({ formats: [sdJwtVc()] }),
    fetch: reach,
    issuers: 'any',
    // Every format of the text can be shown to the holder; none of it is stored here.
    formatOf: ({ format }) => ({ format }),
  })
  return client.readOffer(link)
}

const linkTo = (offer: unknown): string =>
  `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`

const server = (issuer: string): JsonObject => ({
  issuer,
  token_endpoint: `${issuer}/token`,
})

vectorSuite('openid4vci-examples', async ({ files, text, json }) => {
  const all = (await files('1.0')).map((path) => (path.startsWith('1.0') ? path : `1.0/${path}`))
  const offers = all.filter((path) => path.includes('credential_offer_'))
  const configurations = all.filter((path) => /credential_metadata_.*json$/.test(path))

  test('has offers and configurations', () => {
    expect([offers.length, configurations.length]).toEqual([4, 4])
  })

  test.each(offers)('%s is an offer', async (path) => {
    const raw = await text(path)
    const offer = parseJson(raw.slice(raw.indexOf('{')))
    if (!isJsonObject(offer)) throw new Error('no offer')
    const issuer = String(offer['credential_issuer'])
    const ids = offer['credential_configuration_ids'] as readonly string[]
    const grants = offer['grants'] as JsonObject
    const servers = Object.values(grants).flatMap((each) =>
      isJsonObject(each) && each['authorization_server'] !== undefined
        ? [String(each['authorization_server'])]
        : [],
    )
    const [own = issuer] = servers
    const { origin, pathname } = new URL(own)
    const result = await read(linkTo(offer), {
      [`${new URL(issuer).origin}/.well-known/openid-credential-issuer`]: {
        credential_issuer: issuer,
        ...(servers.length > 0 && { authorization_servers: servers }),
        credential_endpoint: `${issuer}/credential`,
        credential_configurations_supported: Object.fromEntries(
          ids.map((id) => [id, { format: 'dc+sd-jwt', vct: 'https://a.example/type' }]),
        ),
      },
      [`${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`]:
        server(own),
    })
    expect(result).toMatchObject({
      verified: true,
      offer: { issuer, credentials: ids.map((configuration) => ({ configuration })) },
    })
  })

  test.each(configurations)('%s is a configuration', async (path) => {
    const issuer = 'https://credential-issuer.example.com'
    const found = await json<JsonObject>(path)
    const listed = found['credential_configurations_supported'] ?? found
    if (!isJsonObject(listed)) throw new Error('no configurations')
    const ids = Object.keys(listed)
    const result = await read(
      linkTo({ credential_issuer: issuer, credential_configuration_ids: ids }),
      {
        [`${issuer}/.well-known/openid-credential-issuer`]: {
          credential_issuer: issuer,
          credential_endpoint: `${issuer}/credential`,
          credential_configurations_supported: listed,
        },
        [`${issuer}/.well-known/oauth-authorization-server`]: server(issuer),
      },
    )
    expect(result).toMatchObject({ verified: true })
  })

  test('the long metadata are those of an issuer with a server of its own', async () => {
    const metadata = await json<JsonObject>('1.0/credential_issuer_metadata_sd_jwt_long.json')
    const issuer = String(metadata['credential_issuer'])
    const [own = ''] = metadata['authorization_servers'] as readonly string[]
    const ids = Object.keys(metadata['credential_configurations_supported'] as JsonObject)
    const result = await read(
      linkTo({ credential_issuer: issuer, credential_configuration_ids: ids }),
      {
        [`${issuer}/.well-known/openid-credential-issuer`]: metadata,
        [`${own}/.well-known/oauth-authorization-server`]: server(own),
      },
    )
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    expect(result.offer.grants.authorization?.server).toBe(own)
    expect(result.offer.display.length).toBeGreaterThan(0)
    expect(result.offer.credentials[0]?.claims.length).toBeGreaterThan(0)
  })
})
