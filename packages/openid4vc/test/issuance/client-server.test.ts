import { describe, expect, test } from 'vitest'
import { before, type Script } from './scripted-issuer.ts'

const server = 'https://login.example/realms/pid'
const places = {
  oauth: 'https://login.example/.well-known/oauth-authorization-server/realms/pid',
  before: 'https://login.example/.well-known/openid-configuration/realms/pid',
  behind: 'https://login.example/realms/pid/.well-known/openid-configuration',
} as const
const document = { issuer: server, token_endpoint: `${server}/token` }

const withServerAt = (at: NonNullable<Script['at']>): Script => ({
  origins: ['https://login.example'],
  metadata: (right) => ({ ...right, authorization_servers: [server] }),
  at,
})

const reading = async (script: Script) => {
  const { person, link, heard } = await before(script)
  const read = await person.readOffer(link)
  const [, ...asked] = heard.map(({ host, path }) => `https://${host}${path}`)
  return { read, asked }
}

describe('an authorisation server', () => {
  test.each<[string, readonly string[]]>([
    ['oauth', [places.oauth]],
    ['before', [places.oauth, places.before]],
    ['behind', [places.oauth, places.before, places.behind]],
  ])('is found by its metadata at the place of %s alone', async (place, expected) => {
    const address = places[place as keyof typeof places]
    const { read, asked } = await reading(withServerAt({ [address]: () => document }))
    expect(read.verified).toBe(true)
    expect(asked).toEqual(expected)
  })

  test.each<[string, () => unknown]>([
    ['a page', () => new Response('<p>', { headers: { 'content-type': 'text/html' } })],
    ['an error in JSON', () => Response.json({ error: 'x' }, { status: 404 })],
    ['a list', () => [document]],
  ])('is looked for at the next place where the first has %s', async (_title, first) => {
    const at = { [places.oauth]: first, [places.behind]: () => document }
    expect((await reading(withServerAt(at))).read.verified).toBe(true)
  })

  test.each(['oauth', 'before', 'behind'] as const)(
    'is refused where the document at the place of %s is of another',
    async (place) => {
      const other = { ...document, issuer: 'https://login.example/realms/other' }
      const { read } = await reading(withServerAt({ [places[place]]: () => other }))
      expect(read.verified ? [] : read.problems).toMatchObject([
        { code: 'offer.metadata-invalid', detail: expect.stringMatching(/another/) },
      ])
    },
  )

  test('that is nowhere is asked at each place once, and that is said', async () => {
    const { read, asked } = await reading(withServerAt({}))
    expect(asked).toEqual([places.oauth, places.before, places.behind])
    expect(read.verified ? [] : read.problems).toMatchObject([
      { code: 'offer.unavailable', detail: expect.stringMatching(/authorisation server/) },
    ])
  })

  test('without a path has two places', async () => {
    const at = 'https://scripted.example/.well-known'
    const { read, asked } = await reading({
      server: () => new Response('', { status: 404 }),
      at: {
        [`${at}/openid-configuration`]: () => ({
          issuer: 'https://scripted.example',
          token_endpoint: 'https://scripted.example/token',
        }),
      },
    })
    expect(read.verified).toBe(true)
    expect(asked).toEqual([`${at}/oauth-authorization-server`, `${at}/openid-configuration`])
  })

  test('without a token endpoint is said to have none', async () => {
    const at = { [places.oauth]: () => ({ issuer: server }) }
    const { read } = await reading(withServerAt(at))
    expect(read.verified ? [] : read.problems).toMatchObject([
      { detail: 'there is no token_endpoint in the metadata' },
    ])
  })
})
