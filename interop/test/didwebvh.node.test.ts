/// <reference path="./didwebvh-ts.d.ts" />
import { createPublicKey, sign, verify } from 'node:crypto'
import { toBase58 } from '@asoba/core'
import { createKey, jwkSigner, jwkToMultikey } from '@asoba/did'
import {
  createWebvh,
  deactivateWebvh,
  resolveWebvhLog,
  updateWebvh,
  type WebvhLog,
} from '@asoba/did/webvh'
import {
  AbstractCrypto,
  createDID,
  type DIDLog,
  deactivateDID,
  deriveNextKeyHash,
  prepareDataForSigning,
  resolveDIDFromLog,
  type SigningInput,
  updateDID,
} from 'didwebvh-ts'
import { describe, expect, test, vi } from 'vitest'

// Where NODE_ENV says test, their library writes every log into ./test/logs of whoever runs it.
vi.hoisted(() => {
  process.env['NODE_ENV'] = 'production'
})

const host = 'registry.example'
const later = () => new Date(Date.now() + 60_000)

/** They make no document without one. */
const methodsOf = ({ multikey }: { readonly multikey: string }) => [
  { type: 'Multikey', publicKeyMultibase: multikey, purpose: 'authentication' },
]

/** An Ed25519 key for both: our signer, and theirs over node:crypto alone. */
async function author() {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const multikey = jwkToMultikey(publicJwk)
  const verificationMethod = `did:key:${multikey}#${multikey}`
  const signer = await jwkSigner({ privateJwk, verificationMethod })
  return { multikey, signer, theirs: new Theirs(verificationMethod, privateJwk) }
}

class Theirs extends AbstractCrypto {
  readonly #id: string
  readonly #privateJwk: object

  constructor(id: string, privateJwk: object) {
    super({ verificationMethod: null })
    this.#id = id
    this.#privateJwk = privateJwk
  }

  override getVerificationMethodId(): string {
    return this.#id
  }

  async sign({ document, proof }: SigningInput) {
    const data = await prepareDataForSigning(document, proof)
    const key = { key: this.#privateJwk, format: 'jwk' } as never
    return { proofValue: `z${toBase58(new Uint8Array(sign(null, data, key)))}` }
  }

  async verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) {
    const x = Buffer.from(publicKey.subarray(-32)).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, message, key, signature)
  }
}

const entriesOf = ({ log }: WebvhLog): DIDLog =>
  log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const linesOf = (log: DIDLog): string => log.map((entry) => `${JSON.stringify(entry)}\n`).join('')
const ours = (did: string, log: DIDLog | string) =>
  resolveWebvhLog(did, typeof log === 'string' ? log : linesOf(log), {
    witnessFile: undefined,
    now: later(),
  })

describe('logs of ours with didwebvh-ts', () => {
  test('resolve there: created, updated, rotated', async () => {
    const [one, two] = [await author(), await author()]
    const created = await createWebvh({
      host,
      path: ['nation', 'registry'],
      updateKeys: [one.multikey],
      signer: one.signer,
      now: new Date('2026-01-01'),
    })
    const updated = await updateWebvh(created.log, {
      signer: one.signer,
      updateKeys: [two.multikey],
      now: new Date('2026-01-02'),
      document: (current) => ({ ...current, alsoKnownAs: ['https://registry.example'] }),
    })
    const last = await updateWebvh(updated.log, { signer: two.signer, now: new Date('2026-01-03') })
    const resolved = await resolveDIDFromLog(entriesOf(last), { verifier: one.theirs })
    expect(resolved.did).toBe(last.did)
    expect(resolved.doc.alsoKnownAs).toContain('https://registry.example')
    expect(resolved.meta.versionId).toBe(last.versionId)
  })

  test('resolve there under pre-rotation, and deactivated', async () => {
    const [one, two] = [await author(), await author()]
    const created = await createWebvh({
      host,
      updateKeys: [one.multikey],
      nextKeys: [two.multikey],
      signer: one.signer,
      now: new Date('2026-01-01'),
    })
    const rotated = await updateWebvh(created.log, {
      signer: two.signer,
      updateKeys: [two.multikey],
      nextKeys: [],
      now: new Date('2026-01-02'),
    })
    const resolved = await resolveDIDFromLog(entriesOf(rotated), { verifier: one.theirs })
    expect(resolved.meta.versionId).toBe(rotated.versionId)
    const ended = await deactivateWebvh(rotated.log, {
      signer: two.signer,
      now: new Date('2026-01-03'),
    })
    const last = await resolveDIDFromLog(entriesOf(ended), { verifier: one.theirs })
    expect(last.meta.deactivated).toBe(true)
  })

  test('are refused there as here when an entry was changed', async () => {
    const { multikey, signer, theirs } = await author()
    const { did, log } = await createWebvh({
      host,
      updateKeys: [multikey],
      signer,
      now: new Date('2026-01-01'),
    })
    const tampered = log.replace('"portable":false', '"portable":true')
    expect(tampered).not.toBe(log)
    const entries: DIDLog = [JSON.parse(tampered)]
    const there = await resolveDIDFromLog(entries, { verifier: theirs }).then(
      ({ meta }) => meta.error,
      () => 'threw',
    )
    expect(there).toBeDefined()
    expect((await ours(did, tampered)).didDocument).toBeNull()
  })
})

describe('logs of didwebvh-ts', () => {
  test('resolve here: created, updated, rotated, deactivated', async () => {
    const [one, two] = [await author(), await author()]
    const created = await createDID({
      address: host,
      signer: one.theirs,
      verifier: one.theirs,
      updateKeys: [one.multikey],
      verificationMethods: methodsOf(one),
      created: '2026-01-01T00:00:00Z',
    })
    expect((await ours(created.did, created.log)).didDocument?.id).toBe(created.did)
    const updated = await updateDID({
      log: created.log,
      signer: one.theirs,
      verifier: one.theirs,
      updateKeys: [two.multikey],
      verificationMethods: methodsOf(one),
      alsoKnownAs: ['https://registry.example'],
    })
    const second = await ours(updated.did, updated.log)
    expect(second.didDocument?.['alsoKnownAs']).toContain('https://registry.example')
    const ended = await deactivateDID({
      log: updated.log,
      signer: two.theirs,
      verifier: two.theirs,
    })
    const last = await ours(ended.did, ended.log)
    expect(last.didDocumentMetadata['deactivated']).toBe(true)
  })

  test('resolve here under pre-rotation', async () => {
    const [one, two] = [await author(), await author()]
    const created = await createDID({
      address: host,
      signer: one.theirs,
      verifier: one.theirs,
      updateKeys: [one.multikey],
      nextKeyHashes: [await deriveNextKeyHash(two.multikey)],
      verificationMethods: methodsOf(one),
      created: '2026-01-01T00:00:00Z',
    })
    const rotated = await updateDID({
      log: created.log,
      signer: two.theirs,
      verifier: two.theirs,
      updateKeys: [two.multikey],
      nextKeyHashes: [],
      verificationMethods: methodsOf(one),
    })
    const resolved = await ours(rotated.did, rotated.log)
    expect(resolved.didResolutionMetadata.error).toBeUndefined()
    expect(resolved.didDocument?.id).toBe(rotated.did)
  })
})
