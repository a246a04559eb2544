import type { JsonObject } from '@asoba/core'
import { createKey, didResolver, jwkSigner, jwkToMultikey } from '@asoba/did'
import {
  type CreateWebvhOptions,
  createWebvh,
  fetchWebvhResource,
  resolveWebvhLog,
  updateWebvh,
  type WebvhLog,
  webvhMethod,
  webvhResourceUrl,
} from '@asoba/did/webvh'
import { beforeAll, describe, expect, test } from 'vitest'

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number))
const host = 'registry.example'

async function author(options: Partial<CreateWebvhOptions> = {}) {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const multikey = jwkToMultikey(publicJwk)
  const verificationMethod = `did:key:${multikey}#${multikey}`
  const signer = await jwkSigner({ privateJwk, verificationMethod })
  const first = await createWebvh({
    host,
    updateKeys: [multikey],
    signer,
    now: day(1),
    ...options,
  })
  return { signer, first }
}

const judge = (did: string, log: string, query: { readonly versionNumber?: number } = {}) =>
  resolveWebvhLog(did, log, { witnessFile: undefined, now: day(20), ...query })

/** A web that has the files of one DID and remembers what was asked. */
function webOf(files: Readonly<Record<string, string | Response>>) {
  const asked: string[] = []
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url)
    const file = files[url]
    if (file === undefined) return new Response(null, { status: 404 })
    return typeof file === 'string' ? new Response(file) : file
  }
  const resolver = didResolver({ methods: [webvhMethod({ fetch, now: () => day(20) })] })
  return { asked, fetch, resolver }
}

describe('a path of a did:webvh DID', () => {
  let first: WebvhLog
  beforeAll(async () => {
    first = (await author()).first
  })
  const logUrl = `https://${host}/.well-known/did.jsonl`

  test('leads to a file beside the log, or to the presentation about its controller', async () => {
    const { fetch, resolver } = webOf({
      [logUrl]: first.log,
      [`https://${host}/whois.vp`]: 'a presentation',
      [`https://${host}/governance/rules.pdf`]: 'rules',
    })
    for (const [path, text] of [
      ['/whois', 'a presentation'],
      ['/governance/rules.pdf', 'rules'],
    ]) {
      const { content, dereferencingMetadata } = await fetchWebvhResource(
        resolver,
        `${first.did}${path}`,
        { fetch },
      )
      expect(new TextDecoder().decode(content ?? new Uint8Array())).toBe(text)
      expect(dereferencingMetadata.error).toBeUndefined()
    }
  })

  test('leads where the document says, if it does', async () => {
    const { first: own } = await author({
      document: (did) => ({
        service: [
          {
            id: `${did}#files`,
            type: 'relativeRef',
            serviceEndpoint: 'https://files.example/nation/',
          },
          {
            id: '#whois',
            type: 'LinkedVerifiablePresentation',
            serviceEndpoint: 'https://who.example/vp',
          },
        ],
      }),
    })
    const { didDocument } = await judge(own.did, own.log)
    const document = didDocument as unknown as JsonObject
    expect(webvhResourceUrl(document, '/a/b.txt')).toBe('https://files.example/nation/a/b.txt')
    expect(webvhResourceUrl(document, '/whois')).toBe('https://who.example/vp')
  })

  test.each(['/../secret', '/a/../../b', '/%2e%2e/b', '/a%2f..%2fb', '/a%5Cb', '/%00', '/%'])(
    'does not climb out of its folder: %s',
    async (path) => {
      const { asked, fetch, resolver } = webOf({ [logUrl]: first.log })
      const result = await fetchWebvhResource(resolver, `${first.did}${path}`, { fetch })
      expect(result.content).toBeNull()
      expect(asked.filter((url) => url !== logUrl)).toEqual([])
    },
  )

  test.each([
    'http://registry.example/',
    'https://10.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'file:///etc/passwd',
  ])('does not lead to %s, whatever the document says', async (serviceEndpoint) => {
    const document = {
      id: first.did,
      service: [{ id: '#files', type: 'relativeRef', serviceEndpoint }],
    }
    expect(webvhResourceUrl(document, '/a')).toBeUndefined()
  })

  test('says what went wrong, and never throws', async () => {
    const large = new Response('x'.repeat(2000))
    const { fetch, resolver } = webOf({ [logUrl]: first.log, [`https://${host}/large`]: large })
    const errorOf = async (didUrl: string) =>
      (await fetchWebvhResource(resolver, didUrl, { fetch, maxBytes: 1000 })).dereferencingMetadata
        .error
    expect(await errorOf(`${first.did}/absent`)).toBe('notFound')
    expect(await errorOf(`${first.did}/large`)).toBe('internalError')
    expect(await errorOf(first.did)).toBe('invalidDidUrl')
    expect(await errorOf(`${first.did}/a#b`)).toBe('invalidDidUrl')
    expect(await errorOf('did:web:registry.example/a')).toBe('invalidDidUrl')
    expect(await errorOf(`did:webvh:${'Q'.repeat(46)}:absent.example/a`)).toBeDefined()
    expect(await errorOf('not a DID')).toBe('invalidDidUrl')
  })
})

describe('a version of a did:webvh DID', () => {
  test('is found by its number, and none by a number that there is not', async () => {
    const { first, signer } = await author()
    const second = await updateWebvh(first.log, {
      signer,
      now: day(2),
      document: (current) => ({ ...current, alsoKnownAs: ['https://registry.example'] }),
    })
    const at = (versionNumber: number) => judge(second.did, second.log, { versionNumber })
    expect((await at(1)).didDocument?.['alsoKnownAs']).toBeUndefined()
    expect((await at(2)).didDocument?.['alsoKnownAs']).toEqual(['https://registry.example'])
    for (const none of [0, 3, -1, 1.5]) {
      expect((await at(none)).didDocument).toBeNull()
      expect((await at(none)).didResolutionMetadata.error).toBeDefined()
    }
  })
})

describe('a did:webvh DID that moves', () => {
  test('keeps its history, and names where it was', async () => {
    const { first, signer } = await author({ portable: true })
    const moved = await updateWebvh(first.log, {
      signer,
      now: day(2),
      moveTo: { host: 'haven.example', path: ['nation'] },
    })
    expect(moved.did).toBe(first.did.replace(host, 'haven.example:nation'))
    const { didDocument, didResolutionMetadata } = await judge(moved.did, moved.log)
    expect(didResolutionMetadata.error).toBeUndefined()
    expect(didDocument?.['alsoKnownAs']).toContain(first.did)
  })

  test('does not move unless its first entry allowed it', async () => {
    const { first, signer } = await author()
    const move = { signer, now: day(2), moveTo: { host: 'haven.example' } }
    await expect(updateWebvh(first.log, move)).rejects.toMatchObject({ code: 'did.webvh-invalid' })
  })

  test('does not move once portability was ended', async () => {
    const { first, signer } = await author({ portable: true })
    const ended = await updateWebvh(first.log, { signer, now: day(2), portable: false })
    const move = { signer, now: day(3), moveTo: { host: 'haven.example' } }
    await expect(updateWebvh(ended.log, move)).rejects.toMatchObject({ code: 'did.webvh-invalid' })
  })

  test('is not resolved by a name that its log never had', async () => {
    const { first } = await author({ portable: true })
    const stranger = first.did.replace(host, 'police.example')
    expect((await judge(stranger, first.log)).didDocument).toBeNull()
  })
})

describe('watchers of a did:webvh DID', () => {
  test('are named in its parameters, as URLs', async () => {
    const watchers = ['https://watcher.example']
    const { first } = await author({ watchers })
    expect(JSON.parse(first.log).parameters.watchers).toEqual(watchers)
    expect((await judge(first.did, first.log)).didDocument?.id).toBe(first.did)
    await expect(author({ watchers: ['no URL'] })).rejects.toMatchObject({
      code: 'did.webvh-invalid',
    })
  })
})
