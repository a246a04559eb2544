import type { Signer } from '@asoba/core'
import { createKey, didResolver, jwkSigner, jwkToMultikey } from '@asoba/did'
import {
  addWitnessProof,
  createWebvh,
  deactivateWebvh,
  resolveWebvhLog,
  updateWebvh,
  webvhMethod,
  witnessProof,
} from '@asoba/did/webvh'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

interface Key {
  readonly multikey: string
  readonly signer: Signer
}

async function makeKey(): Promise<Key> {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const multikey = jwkToMultikey(publicJwk)
  const verificationMethod = `did:key:${multikey}#${multikey}`
  return { multikey, signer: await jwkSigner({ privateJwk, verificationMethod }) }
}

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number))
const host = 'registry.example'

/** A log of two versions, and its key. */
async function twoVersions() {
  const key = await makeKey()
  const { multikey, signer } = key
  const first = await createWebvh({ host, updateKeys: [multikey], signer, now: day(1) })
  const second = await updateWebvh(first.log, {
    signer,
    now: day(2),
    document: (current) => ({ ...current, alsoKnownAs: ['https://registry.example'] }),
  })
  return { key, first, second }
}

const judge = (did: string, log: string, options: { readonly witnessFile?: string } = {}) =>
  resolveWebvhLog(did, log, { witnessFile: options.witnessFile, now: day(20) })
const errorOf = async (did: string, log: string): Promise<unknown> =>
  (await judge(did, log)).didResolutionMetadata['error']

describe('a did:webvh log', () => {
  test('is created, updated and resolved, in each of its versions', async () => {
    const { first, second } = await twoVersions()
    const resolved = await judge(second.did, second.log)
    expect(resolved.didResolutionMetadata['error']).toBeUndefined()
    expect(resolved.didDocument?.['alsoKnownAs']).toEqual(['https://registry.example'])
    const old = await resolveWebvhLog(second.did, second.log, {
      witnessFile: undefined,
      now: day(20),
      versionId: first.versionId,
    })
    expect(old.didDocument?.['alsoKnownAs']).toBeUndefined()
  })

  test('is refused with any other character in it', async () => {
    const { second } = await twoVersions()
    const { did, log } = second
    await fc.assert(
      fc.asyncProperty(
        fc.nat(log.length - 2),
        fc.constantFrom('a', '0', '"', '{'),
        async (at, character) => {
          fc.pre(log[at] !== character)
          expect(await errorOf(did, log.slice(0, at) + character + log.slice(at + 1))).toBeDefined()
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is refused with its entries swapped, or without the first', async () => {
    const { second } = await twoVersions()
    const [one = '', two = ''] = second.log.trim().split('\n')
    expect(await errorOf(second.did, `${two}\n${one}\n`)).toBeDefined()
    expect(await errorOf(second.did, `${two}\n`)).toBeDefined()
    expect(await errorOf(second.did, '')).toBeDefined()
  })

  test('is refused as the log of another DID', async () => {
    const [mine, other] = [await twoVersions(), await twoVersions()]
    expect(await errorOf(mine.second.did, other.second.log)).toBeDefined()
    expect(
      await errorOf(mine.second.did.replace(host, 'other.example'), mine.second.log),
    ).toBeDefined()
  })

  test('takes no version signed by a key that was not allowed', async () => {
    const { second } = await twoVersions()
    const thief = await makeKey()
    await expect(
      updateWebvh(second.log, { signer: thief.signer, now: day(3) }),
    ).rejects.toMatchObject({ code: 'did.webvh-invalid' })
  })

  test('takes, under pre-rotation, no keys but those that were committed to', async () => {
    const [now, next, other] = [await makeKey(), await makeKey(), await makeKey()]
    const { log, did } = await createWebvh({
      host,
      updateKeys: [now.multikey],
      nextKeys: [next.multikey],
      signer: now.signer,
      now: day(1),
    })
    const rotate = (to: Key) =>
      updateWebvh(log, { signer: to.signer, updateKeys: [to.multikey], nextKeys: [], now: day(2) })
    await expect(rotate(other)).rejects.toMatchObject({ code: 'did.webvh-invalid' })
    expect(await errorOf(did, (await rotate(next)).log)).toBeUndefined()
  })

  test('needs its witnesses, each counted once', async () => {
    const [owner, first, second] = [await makeKey(), await makeKey(), await makeKey()]
    const witnesses = [first, second].map(({ multikey }) => ({ id: `did:key:${multikey}` }))
    const { did, log } = await createWebvh({
      host,
      updateKeys: [owner.multikey],
      witness: { threshold: 2, witnesses },
      signer: owner.signer,
      now: day(1),
    })
    const approve = ({ signer }: Key) =>
      witnessProof(log, { known: undefined, signer, now: day(1) })
    const one = addWitnessProof(undefined, await approve(first))
    const twice = addWitnessProof(one, await approve(first))
    const both = addWitnessProof(one, await approve(second))
    for (const [witnessFile, error] of [
      [undefined, true],
      [one, true],
      [twice, true],
      [both, false],
    ] as const) {
      const { didResolutionMetadata } = await judge(
        did,
        log,
        witnessFile === undefined ? {} : { witnessFile },
      )
      expect(didResolutionMetadata['error'] !== undefined).toBe(error)
    }
  })

  test('is refused where a version is from the future', async () => {
    const { second } = await twoVersions()
    const { didResolutionMetadata } = await resolveWebvhLog(second.did, second.log, {
      witnessFile: undefined,
      now: new Date(day(1).getTime() + 1000),
    })
    expect(didResolutionMetadata['error']).toBeDefined()
  })

  test('ends with its deactivation', async () => {
    const { key, second } = await twoVersions()
    const { log } = await deactivateWebvh(second.log, { signer: key.signer, now: day(3) })
    const { didDocument, didDocumentMetadata } = await judge(second.did, log)
    expect(didDocument).toBeNull()
    expect(didDocumentMetadata['deactivated']).toBe(true)
  })
})

describe('webvhMethod', () => {
  const serve = (files: Readonly<Record<string, string>>) => async (url: string) => {
    const body = files[url]
    return body === undefined ? new Response(null, { status: 404 }) : new Response(body)
  }

  test('resolves over the web by the log alone', async () => {
    const { second } = await twoVersions()
    const fetch = serve({ [`https://${host}/.well-known/did.jsonl`]: second.log })
    const resolver = didResolver({ methods: [webvhMethod({ fetch, now: () => day(20) })] })
    const { didDocument } = await resolver.resolve(second.did)
    expect(didDocument?.id).toBe(second.did)
  })

  test('says not found, and refuses a log that was tampered with', async () => {
    const { second } = await twoVersions()
    const tampered = second.log.replace('https://registry.example', 'https://police.example')
    const url = `https://${host}/.well-known/did.jsonl`
    for (const [files, error] of [
      [{}, 'notFound'],
      [{ [url]: tampered }, undefined],
    ] as const) {
      const resolver = didResolver({
        methods: [webvhMethod({ fetch: serve(files), now: () => day(20) })],
      })
      const { didDocument, didResolutionMetadata } = await resolver.resolve(second.did)
      expect(didDocument).toBeNull()
      if (error === undefined) expect(didResolutionMetadata.error).toBeDefined()
      else expect(didResolutionMetadata.error).toBe(error)
    }
  })

  test('asks no host that is an address, and none outside the path', async () => {
    const { second } = await twoVersions()
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return new Response(null, { status: 404 })
    }
    const resolver = didResolver({ methods: [webvhMethod({ fetch })] })
    const scid = second.did.split(':')[2] ?? ''
    for (const place of [
      '127.0.0.1',
      '10.0.0.1',
      'localhost',
      '%5B%3A%3A1%5D',
      `${host}:..`,
      `${host}:%2e%2e`,
      `${host}:a%2Fb`,
    ]) {
      const { didResolutionMetadata } = await resolver.resolve(`did:webvh:${scid}:${place}`)
      expect(didResolutionMetadata.error).toBeDefined()
    }
    expect(asked).toEqual([])
  })
})
