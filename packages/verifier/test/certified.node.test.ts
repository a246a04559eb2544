import type { AnchorEntry, CredentialFormat, PrivateJwk, Signer, TrustPolicy } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { didResolver, holderKeys, jwk, jwkSigner } from '@asoba/did'
import { withRsa } from '@asoba/did/rsa'
import { vcJwt } from '@asoba/jwt'
import { leafSubjects, subjectKeyId, x509Keys } from '@asoba/jwt/x509'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, snapshotSource, tokenStatusList } from '@asoba/status'
import {
  combine,
  createVerifier,
  issuerKeys,
  memoryReplay,
  trustedAnchors,
  trustedIssuers,
} from '@asoba/verifier'
import { describe, expect, test } from 'vitest'
import { type Made, make, type Wish } from '../../jwt/test/certificates.ts'
import { citizenQuery, citizenship, createRegistry, now, secret, statusUri } from './nation.ts'

// A credential as Europe issues it: `iss` an https URL that no certificate names, a chain in x5c, a
// leaf without subject alternative names and with a critical extended key usage; and a policy that
// trusts authorities, not leaves.

const pid = '1.3.130.2.0.0.1.7'
const statusUsage = '1.3.6.1.5.5.7.3.30'
const iss = 'https://pid.example/issuer'
const name = 'C=EU, O=Nation, 2.5.4.97=VATEU-123, CN=PID Provider'
const subject = 'CN=PID Provider,organizationIdentifier=VATEU-123,O=Nation,C=EU'
const root = await make({ name: 'C=EU,CN=Authority', ca: true })
const otherRoot = await make({ name: 'C=FR,CN=Other Authority', ca: true })

const leafOf = (by: Made, wish: Partial<Wish> = {}) => make({ name, by, purposes: [pid], ...wish })

async function signerOf(leaf: Made, ...chain: readonly Made[]): Promise<Signer> {
  const privateJwk = (await crypto.subtle.exportKey('jwk', leaf.keys.privateKey)) as PrivateJwk
  const x5c = [leaf, ...chain].map(({ base64 }) => base64)
  return jwkSigner({ privateJwk, verificationMethod: '', x5c })
}

interface World {
  readonly leaf?: Made
  readonly listLeaf?: Made
  readonly trust: TrustPolicy
  readonly issuer?: string
  readonly format?: (signer: Signer) => CredentialFormat
  readonly rsa?: boolean
}

const leaf = await leafOf(root)

/** What a verifier of that policy makes of a fresh credential. */
async function judge({ trust, issuer = iss, ...world }: World) {
  const signer = await signerOf(world.leaf ?? leaf)
  const list = tokenStatusList({
    uri: statusUri,
    size: 1024,
    bits: 2,
    ttl: 300,
    lifetime: 86_400,
    store: memoryStatusStore(),
    signer: world.listLeaf ? await signerOf(world.listLeaf) : signer,
  })
  const backend = world.rsa === true ? { backend: withRsa() } : {}
  const format = world.format?.(signer) ?? sdJwtVc({ signer })
  const registry = await createRegistry(() => format)
  const held = await registry.issue({ issuer, status: (await list.allocate(1))[0] })
  const { body, mediaType } = await list.publish({ now })
  const bytes = new TextEncoder().encode(body)
  const did = didResolver({ methods: [jwk] })
  const verifier = createVerifier({
    audience: 'https://tax.example',
    types: [citizenship],
    issuerKeys: issuerKeys({
      did,
      x509: { keys: x509Keys(backend), subjects: leafSubjects, keyId: subjectKeyId },
    }),
    trust,
    formats: [sdJwtVc(), vcJwt()],
    status: snapshotSource({ [statusUri]: { bytes, mediaType, fetchedAt: now } }),
    seal: createSeal(new Uint8Array(32)),
    replay: memoryReplay(),
    clockTolerance: 60,
    maxProofAge: 300,
    holderKeys: holderKeys(did),
    now: () => now,
  })
  const query =
    world.format === undefined
      ? citizenQuery
      : {
          credentials: [
            {
              id: 'citizen',
              format: format.dcqlFormat,
              meta: { type_values: [[citizenship.vcdmType]] },
            },
          ],
        }
  const request = await verifier.request(query)
  const result = await verifier.verify(await held.present(request), request)
  if (!result.verified) {
    expect(JSON.stringify(result)).not.toContain(secret)
    return { problems: result.problems.map(({ code, path }) => `${code} ${path ?? ''}`), request }
  }
  const [accepted] = result.credentials.citizen ?? []
  return { problems: [], accepted, request }
}

const anchors = [root.der]
const under = (entry: Partial<AnchorEntry> = {}) =>
  trustedAnchors({ citizenship: [{ anchors, usage: pid, ...entry }] })

describe('whoever stands under the anchors, with this usage', () => {
  test('is accepted; the result names the leaf, its usage and its authority, and iss is told', async () => {
    const { problems, accepted } = await judge({ trust: under() })
    expect(problems).toEqual([])
    expect(accepted).toMatchObject({
      issuer: subject,
      mechanism: 'x509',
      certificate: { subject, names: [subject], usages: [pid], authority: 'CN=Authority,C=EU' },
      document: { iss },
    })
  })

  test('is nobody under another authority, and nobody without the usage', async () => {
    const foreign = await judge({ trust: under(), leaf: await leafOf(otherRoot) })
    expect(foreign.problems).toEqual(['x509.chain-invalid /citizen/0/x5c/0'])
    const server = await leafOf(root, { purposes: ['1.3.6.1.5.5.7.3.1'] })
    const { problems } = await judge({ trust: under(), leaf: server })
    expect(problems).toEqual(['x509.chain-invalid /citizen/0/x5c/0/extensions/2.5.29.37'])
    const any = trustedAnchors({ citizenship: [{ anchors }] })
    expect((await judge({ trust: any, leaf: server })).problems).toEqual([])
  })

  test('may issue the types of the entry and no others', async () => {
    const trust = trustedAnchors({ residency: [{ anchors, usage: pid }] })
    expect((await judge({ trust })).problems).toEqual(['issuer.untrusted /citizen/0'])
  })

  test('has the iss that the policy pins, where it pins one', async () => {
    expect((await judge({ trust: under({ iss }) })).problems).toEqual([])
    const { problems } = await judge({ trust: under({ iss: 'https://other.example' }) })
    expect(problems).toEqual(['issuer.untrusted /citizen/0/iss'])
  })

  test('is judged by its own entry where the policy names it, and by that alone', async () => {
    const named = (der: Uint8Array) =>
      trustedIssuers({ citizenship: [{ issuer: subject, mechanism: 'x509', anchors: [der] }] })
    const own = await judge({ trust: combine(named(root.der), under()) })
    expect(own.accepted?.issuer).toBe(subject)
    const other = await judge({ trust: combine(named(otherRoot.der), under()) })
    expect(other.problems).toEqual(['x509.chain-invalid /citizen/0/x5c/0'])
  })

  test('does not become somebody whom the policy knows by a DID, by saying so in iss', async () => {
    const { did } = await createRegistry()
    const trust = combine(trustedIssuers({ citizenship: [did] }), under())
    const { problems } = await judge({ trust, issuer: did })
    expect(problems).toContain('jws.signature-invalid /citizen/0')
  })

  test('is asked for by the key identifier of the authority', async () => {
    const { request } = await judge({ trust: under() })
    expect(request.query.credentials[0]).toMatchObject({
      trusted_authorities: [{ type: 'aki', values: [subjectKeyId(root.der)] }],
    })
  })

  test('is read under an RSA authority where RSA is given', async () => {
    const rsaRoot = await make({ name: 'CN=RSA Authority', ca: true, kind: 'RSA' })
    const trust = under({ anchors: [rsaRoot.der] })
    const below = await leafOf(rsaRoot)
    expect((await judge({ trust, leaf: below, rsa: true })).problems).toEqual([])
    const { problems } = await judge({ trust, leaf: below })
    expect(problems).toEqual(['x509.unsupported /citizen/0/x5c/0'])
  })
})

describe('an issuer by name, with a certificate', () => {
  const named = (issuer: string) =>
    trustedIssuers({ citizenship: [{ issuer, mechanism: 'x509', anchors, usage: pid }] })

  test('is the subject of the leaf, whatever iss says', async () => {
    const { accepted } = await judge({ trust: named(subject) })
    expect(accepted).toMatchObject({ issuer: subject, document: { iss } })
    const san = await leafOf(root, { names: [{ type: 'dns', value: 'pid.example' }] })
    const byHost = await judge({ trust: named('https://pid.example'), leaf: san })
    expect(byHost.accepted?.issuer).toBe('https://pid.example')
  })

  test('is not who only iss says, nor who only the leaf of another authority says', async () => {
    const byIss = await judge({ trust: named(iss) })
    expect(byIss.problems).toEqual(['x509.subject-mismatch /citizen/0'])
    const either = await judge({ trust: combine(named(iss), under()) })
    expect(either.accepted?.issuer).toBe(subject)
    const foreign = await leafOf(otherRoot)
    const { problems } = await judge({ trust: named(subject), leaf: foreign })
    expect(problems).toEqual(['x509.chain-invalid /citizen/0/x5c/0'])
  })
})

describe('status lists of who stands under anchors', () => {
  const refusedList = ['status.list-invalid /citizen/0', expect.stringMatching(/^(issuer|x509)\./)]

  test('are signed by another leaf of the same name and authority', async () => {
    expect((await judge({ trust: under(), listLeaf: await leafOf(root) })).problems).toEqual([])
  })

  test('are not signed by its neighbour, nor by its namesake under another authority', async () => {
    const neighbour = await leafOf(root, { name: 'CN=Another Provider' })
    expect((await judge({ trust: under(), listLeaf: neighbour })).problems).toEqual(refusedList)
    const both = under({ anchors: [root.der, otherRoot.der] })
    const namesake = await leafOf(otherRoot)
    expect((await judge({ trust: both, listLeaf: namesake })).problems).toEqual(refusedList)
  })

  test('are signed by everybody under the anchors for status, with their usage', async () => {
    const statusAnchors = { anchors: [otherRoot.der], usage: statusUsage }
    const trust = under({ statusAnchors })
    const signing = { name: 'CN=Status', purposes: [statusUsage] }
    const right = await judge({ trust, listLeaf: await leafOf(otherRoot, signing) })
    expect(right.problems).toEqual([])
    expect(right.accepted?.issuer).toBe(subject)
    for (const wrong of [
      await leafOf(otherRoot, { name: 'CN=Status' }),
      await leafOf(root, signing),
    ]) {
      expect((await judge({ trust, listLeaf: wrong })).problems).toEqual(refusedList)
    }
    expect((await judge({ trust, listLeaf: await leafOf(root) })).problems).toEqual([])
  })
})

describe('the VC data model, where the issuer is a property', () => {
  const format = (signer: Signer) => vcJwt({ signer })

  test('the leaf names it, or the credential is refused', async () => {
    const issuer = 'https://pid.example'
    const names = [{ type: 'dns' as const, value: 'pid.example' }]
    const right = await judge({
      trust: under(),
      format,
      issuer,
      leaf: await leafOf(root, { names }),
    })
    expect(right.problems).toEqual([])
    expect(right.accepted).toMatchObject({ issuer, certificate: { subject } })
    const { problems } = await judge({ trust: under(), format, issuer })
    expect(problems).toEqual(['x509.subject-mismatch /citizen/0/verifiableCredential/0/x5c/0'])
  })
})

describe('trustedAnchors', () => {
  test('refuses entries that say too little or too much', () => {
    const entry = { anyUnderAnchors: true, mechanism: 'x509', anchors, types: ['citizenship'] }
    const odd: readonly object[] = [
      { ...entry, anyUnderAnchors: undefined },
      { ...entry, mechanism: 'did' },
      { ...entry, anchors: [] },
      { ...entry, types: [] },
      { ...entry, issuer: 'did:web:registry.example' },
      { ...entry, keys: [] },
      { ...entry, usage: [] },
      { ...entry, usage: 'serverAuth' },
      { ...entry, statusAnchors: { anchors: [], usage: pid } },
    ]
    expect(() => trustedAnchors([entry as AnchorEntry])).not.toThrow()
    for (const each of odd) expect(() => trustedAnchors([each as AnchorEntry])).toThrow(TypeError)
    expect(() => trustedAnchors({ citizenship: [{ anchors }, { anchors, usage: pid }] })).toThrow(
      TypeError,
    )
    expect(() => trustedIssuers([entry as never])).toThrow(TypeError)
  })

  test('what certificates are judged by belongs to x509, and not to pinned keys', () => {
    const did = { issuer: 'did:web:a.example', mechanism: 'did' } as const
    for (const more of [{ usage: pid }, { iss }, { statusAnchors: { anchors, usage: pid } }]) {
      expect(() => trustedIssuers({ citizenship: [{ ...did, ...more }] })).toThrow(TypeError)
      const keys = [{ kty: 'EC' }]
      const pinned = { issuer: subject, mechanism: 'x509', keys, ...more } as const
      expect(() => trustedIssuers({ citizenship: [pinned] })).toThrow(TypeError)
    }
  })
})
