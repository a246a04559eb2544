import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  type HolderProof,
  type JsonObject,
  memoryVault,
  type SecretSource,
  type Vault,
} from '@asoba/core'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { vcJwt } from '@asoba/jwt'
import { describe, expect, test } from 'vitest'
import { createWallet, type Match } from '../src/index.ts'
import {
  citizen,
  contentsOf,
  doctor,
  format,
  issue,
  now,
  requestFor,
  types,
  walletWith,
} from './fixtures.ts'

const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof AsobaError ? error.code : String(error)),
  )

describe('a wallet', () => {
  test('is made of formats that do not claim one document', () => {
    expect(() => createWallet({ formats: [format, format] })).toThrow(TypeError)
    const greedy: CredentialFormat = { ...format, id: 'greedy', recognises: () => true }
    expect(() => createWallet({ formats: [format, greedy] })).toThrow(TypeError)
    const everyString: CredentialFormat = {
      ...format,
      id: 'strings',
      recognises: (wire) => typeof wire === 'string',
    }
    expect(() => createWallet({ formats: [everyString, format] })).toThrow(TypeError)
    expect(() => createWallet({ formats: [format, vcJwt()] })).not.toThrow()
  })

  test('keeps nothing beyond memory unless it is given a vault', async () => {
    const wallet = createWallet({ formats: [format], now: () => now })
    await wallet.receive(await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })))
    expect(await wallet.list()).toHaveLength(1)
    expect(await createWallet({ formats: [format], now: () => now }).list()).toEqual([])
  })

  test('finds everything again in a vault that was kept', async () => {
    const { vault } = await walletWith(2)
    const again = createWallet({ formats: [format], vault, now: () => now })
    expect(await again.list()).toMatchObject([{ copies: 2, copiesLeft: 2 }])
  })
})

describe('a format whose credentials do not name the key that they are bound to', () => {
  // Bound to the secret whose last byte stands in the credential.
  const unnamed: CredentialFormat = {
    ...format,
    id: 'unnamed',
    recognises: (wire) => typeof wire === 'object' && wire !== null && 'secret' in wire,
    view: ({ wire }) => ({
      dcqlFormat: 'unnamed',
      vcts: [],
      types: ['T'],
      issuer: 'did:web:registry.example',
      claims: wire as JsonObject,
      disclosable: [],
      authorityKeyIds: [],
      holder: { kind: 'bbs-commitment', commitmentWithProof: new Uint8Array() },
    }),
    prepareHolder: async (secrets, options) => {
      const retained = await secrets.derive(`${options?.type}/${made++}`, 8)
      return { proof: { kind: 'bbs-commitment', commitmentWithProof: retained }, retained }
    },
    accepts: async ({ wire }, retained) =>
      typeof wire === 'object' && wire['secret'] === retained[7] && wire['good'] !== false,
  }
  let made = 0
  const secretOf = (proof: HolderProof | undefined): number | undefined =>
    proof?.kind === 'bbs-commitment' ? proof.commitmentWithProof[7] : undefined
  const secrets = (labels: string[]): SecretSource => ({
    derive: async (label, length) => new Uint8Array(length).fill(labels.push(label)),
  })

  test('is asked which of the prepared keys it is, and for what type they are', async () => {
    const labels: string[] = []
    const wallet = createWallet({ formats: [unnamed], secrets: secrets(labels), now: () => now })
    const prepare = { format: 'unnamed', count: 2, type: 'citizenship' }
    const [first, second] = await wallet.prepare(prepare)
    expect(labels.map((label) => label.split('/')[0])).toEqual(['citizenship', 'citizenship'])
    const received = await wallet.receive({ secret: secretOf(second) ?? 0 })
    expect(received).toMatchObject([{ format: 'unnamed', copies: 1 }])
    // One key, one credential; the other still waits for its own.
    const again = wallet.receive({ secret: secretOf(second) ?? 0, more: true })
    expect(await code(again)).toBe('wallet.credential-not-ours')
    expect(await wallet.receive({ secret: secretOf(first) ?? 0 })).toHaveLength(1)
  })

  test('keeps out what it finds wrong', async () => {
    const wallet = createWallet({ formats: [unnamed], now: () => now })
    const [proof] = await wallet.prepare({ format: 'unnamed', count: 1 })
    const wrong = wallet.receive({ secret: secretOf(proof) ?? 0, good: false })
    expect(await code(wrong)).toBe('wallet.credential-not-ours')
    expect(await wallet.list()).toEqual([])
    expect(await wallet.receive({ secret: secretOf(proof) ?? 0 })).toHaveLength(1)
  })
})

describe('preparing', () => {
  test('makes a key of its own for every copy', async () => {
    const { wallet } = await walletWith(0)
    const proofs = await wallet.prepare({ format: 'dc+sd-jwt', count: 5 })
    const keys = proofs.map((proof) => JSON.stringify(proof))
    expect(new Set(keys).size).toBe(5)
    expect(keys.join()).not.toContain('"d"')
  })

  test('fails for a format that the wallet has not', async () => {
    const { wallet } = await walletWith(0)
    const prepared = wallet.prepare({ format: 'mso_mdoc', count: 1 })
    expect(await code(prepared)).toBe('wallet.unknown-format')
  })

  test.each([0, -1, 1.5, 1001, Number.NaN])('refuses to make %s keys', async (count) => {
    const { wallet } = await walletWith(0)
    await expect(wallet.prepare({ format: 'dc+sd-jwt', count })).rejects.toThrow(TypeError)
  })

  test('forgets keys whose credentials never came', async () => {
    let time = now
    const { wallet, vault } = await walletWith(0, { now: () => time })
    const [proof] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    expect(await vault.list()).toHaveLength(1)
    time = new Date(now.getTime() + 86_400_001)
    const credentials = await issue([proof as HolderProof])
    expect(await code(wallet.receive(credentials))).toBe('wallet.credential-not-ours')
    await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    expect(await vault.list()).toHaveLength(1)
  })
})

describe('receiving', () => {
  test('puts the copies of a batch together, and other credentials apart', async () => {
    const { wallet } = await walletWith(3)
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 2 })
    await wallet.receive(await issue(holders, { type: types.profession, claims: doctor }))
    const held = await wallet.list()
    expect(held.map(({ copies }) => copies)).toEqual([3, 2])
    expect(new Set(held.map(({ id }) => id)).size).toBe(2)
    expect(held[1]?.view.vcts).toEqual([types.profession.vct])
  })

  test('puts a renewed batch to the old one, and other claims of one type apart', async () => {
    const { wallet } = await walletWith(1)
    const [one, two] = await wallet.prepare({ format: 'dc+sd-jwt', count: 2 })
    const later = { validFrom: now, validUntil: new Date('2027-06-01'), firstIndex: 7 }
    await wallet.receive(await issue([one as HolderProof], later))
    const other = { claims: { ...citizen, given_name: 'Paulina' } }
    await wallet.receive(await issue([two as HolderProof], other))
    expect((await wallet.list()).map(({ copies }) => copies)).toEqual([2, 1])
  })

  test('takes a credential once', async () => {
    const { wallet } = await walletWith(0)
    const [wire] = await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 }))
    const first = await wallet.receive(wire as string)
    const again = await wallet.receive([wire as string, wire as string])
    expect(again).toEqual(first)
    expect(again).toMatchObject([{ copies: 1 }])
  })

  test('refuses a credential that is bound to somebody else', async () => {
    const { wallet } = await walletWith(0)
    const { wallet: other } = await walletWith(0)
    const theirs = await issue(await other.prepare({ format: 'dc+sd-jwt', count: 1 }))
    expect(await code(wallet.receive(theirs))).toBe('wallet.credential-not-ours')
  })

  test('refuses a second credential for a key, which would tie the two together', async () => {
    const { wallet } = await walletWith(0)
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    const one = await issue(holders)
    const two = await issue(holders, { type: types.profession, claims: doctor })
    expect(await code(wallet.receive([...one, ...two]))).toBe('wallet.credential-not-ours')
    await wallet.receive(one)
    expect(await code(wallet.receive(two))).toBe('wallet.credential-not-ours')
  })

  test('takes all of a batch or nothing', async () => {
    const { wallet, vault } = await walletWith(0)
    const { wallet: other } = await walletWith(0)
    const ours = await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 }))
    const theirs = await issue(await other.prepare({ format: 'dc+sd-jwt', count: 1 }))
    await expect(wallet.receive([...ours, ...theirs])).rejects.toThrow()
    expect(await wallet.list()).toEqual([])
    expect(await vault.list()).toHaveLength(1)
    expect(await wallet.receive(ours)).toHaveLength(1)
  })

  test('takes a bearer credential without a key', async () => {
    const { wallet } = await walletWith(0)
    expect(await wallet.receive(await issue([{ kind: 'bearer' }]))).toMatchObject([{ copies: 1 }])
  })

  test('refuses what no format knows', async () => {
    const { wallet } = await walletWith(0)
    for (const wire of ['', 'a.b.c', 'a.b.c~', { type: ['VerifiableCredential'] }]) {
      expect(await code(wallet.receive(wire))).toBe('wallet.unknown-format')
    }
  })

  test('refuses what its format cannot read', async () => {
    const { wallet } = await walletWith(0)
    const [wire] = await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 }))
    const broken = `${wire}WyJub3QgYSBkaXNjbG9zdXJlIl0~`
    expect(await code(wallet.receive(broken))).toBe('credential.malformed')
  })

  test('keeps a key until the credential is written down', async () => {
    const kept = memoryVault()
    let fail = false
    const vault: Vault = {
      ...kept,
      set: async (id, value) => {
        if (fail) throw new Error('disk full')
        await kept.set(id, value)
      },
    }
    const { wallet } = await walletWith(0, { vault })
    const wires = await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 }))
    fail = true
    await expect(wallet.receive(wires)).rejects.toThrow('disk full')
    fail = false
    expect(await wallet.receive(wires)).toHaveLength(1)
  })

  test('passes over records that are damaged or somebody else’s', async () => {
    const { wallet, vault } = await walletWith(1)
    await vault.set('asoba/copy/x', new Uint8Array([0xff, 0x00]))
    await vault.set('asoba/copy/y', new TextEncoder().encode('{"group":1}'))
    await vault.set('asoba/prepared/z', new TextEncoder().encode('{"proof":[]}'))
    await vault.set('notes', new TextEncoder().encode('{}'))
    expect(await wallet.list()).toHaveLength(1)
    expect(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })).toHaveLength(1)
  })
})

describe('a format without selective disclosure', () => {
  test('has its copies put together, and says that it tells everything', async () => {
    const { privateJwk, publicJwk } = await createKey('ES256')
    const did = didJwkOf(publicJwk)
    const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
    const issuing = vcJwt({ signer })
    const wallet = createWallet({ formats: [format, vcJwt()], now: () => now })
    const holders = await wallet.prepare({ format: 'vc+jwt', count: 2 })
    const validUntil = new Date('2027-02-01')
    const input = {
      type: types.profession,
      issuer: did,
      claims: doctor,
      validFrom: now,
      validUntil,
    }
    const secured = await Promise.all(holders.map((holder) => issuing.secure(input, holder)))
    await wallet.receive(secured.map(({ wire }) => wire))
    expect(await wallet.list()).toMatchObject([{ format: 'vc+jwt', copies: 2, copiesLeft: 2 }])
    const credential = {
      id: 'doctor',
      format: 'vc+jwt',
      meta: { type_values: [['ProfessionCredential']] },
      claims: [{ path: ['credentialSubject', 'occupation', 'isco_08'] }],
    }
    const request = requestFor([], { query: { credentials: [credential] } })
    const [match] = await wallet.match(request)
    expect(match?.withheld).toEqual([])
    const shown = match?.shown.map(({ path }) => path.join('.'))
    expect(shown).toContain('credentialSubject.licence.number')
    const { vp_token } = await wallet.present(request, match as Match)
    expect(vp_token['doctor']).toHaveLength(1)
  })
})

describe('forgetting', () => {
  test('deletes a credential with all its copies, and no other', async () => {
    const { wallet, vault } = await walletWith(3)
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    await wallet.receive(await issue(holders, { type: types.profession, claims: doctor }))
    const [citizenship] = await wallet.list()
    await wallet.forget(citizenship?.id as string)
    await wallet.forget('never there')
    expect((await wallet.list()).map(({ view }) => view.vcts)).toEqual([[types.profession.vct]])
    expect(await vault.list()).toHaveLength(1)
  })
})

describe('erasing', () => {
  test('leaves no byte of claims or keys in the vault', async () => {
    const { wallet, vault } = await walletWith(2)
    await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    const [wire] = await issue([{ kind: 'bearer' }])
    // What the test looks for is there before: disclosures stand in the wire form, as issued.
    const planted = (wire as string).split('~').filter((part) => part.length > 20)
    const before = await contentsOf(vault)
    expect(before).toContain('"retained"')
    expect(before).toContain('"wire"')
    await wallet.receive(wire as string)
    for (const part of planted) expect(await contentsOf(vault)).toContain(part)
    await wallet.erase()
    expect(await vault.list()).toEqual([])
    expect(await contentsOf(vault)).toBe('')
  })

  test('ends the wallet: every later call fails', async () => {
    const { wallet } = await walletWith(1)
    const [held] = await wallet.list()
    const request = {
      query: { credentials: [] },
      nonce: 'nonce',
      audience: 'https://clinic.example',
    }
    await wallet.erase()
    await wallet.erase()
    for (const call of [
      () => wallet.list(),
      () => wallet.prepare({ format: 'dc+sd-jwt', count: 1 }),
      () => wallet.receive([]),
      () => wallet.match(request),
      () => wallet.present(request, {} as never),
      () => wallet.forget(held?.id as string),
    ]) {
      expect(await code(call())).toBe('wallet.erased')
    }
  })

  test('wins over what was asked for afterwards, even at the same moment', async () => {
    const { wallet, vault } = await walletWith(1)
    const erased = wallet.erase()
    const prepared = code(wallet.prepare({ format: 'dc+sd-jwt', count: 3 }))
    await erased
    expect(await prepared).toBe('wallet.erased')
    expect(await vault.list()).toEqual([])
  })
})

describe('a format whose view throws something else', () => {
  test('is reported without its words', async () => {
    const secret = 'planted-secret'
    const talkative: CredentialFormat = {
      ...format,
      view: (): CredentialView => {
        throw new Error(secret)
      },
    }
    const wallet = createWallet({ formats: [talkative], now: () => now })
    const error: unknown = await wallet
      .receive(await issue([{ kind: 'bearer' }]))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'credential.malformed' })
    expect(String((error as Error).stack)).not.toContain(secret)
  })
})

describe('an issuance', () => {
  test('lets a protocol prove a key that waits, and no other', async () => {
    const wallet = createWallet({ formats: [format], now: () => now })
    const [holder] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    if (holder === undefined) throw new Error('nothing was prepared')
    const seen = await wallet.prove(holder, async (retained) => retained.length)
    expect(seen).toBeGreaterThan(0)
    const { publicJwk } = await createKey('ES256')
    const nobodys: HolderProof = { kind: 'jwk', publicJwk }
    const used = async () => expect.fail('a secret was handed out')
    expect(await code(wallet.prove(nobodys, used))).toBe('wallet.credential-not-ours')
    expect(await code(wallet.prove({ kind: 'bearer' }, used))).toBe('wallet.credential-not-ours')
    await wallet.receive(await issue([holder]))
    expect(await code(wallet.prove(holder, used))).toBe('wallet.credential-not-ours')
  })

  test('takes none of several where one is not what was asked for', async () => {
    const wallet = createWallet({ formats: [format], now: () => now })
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 2 })
    const copies = await issue(holders)
    let looked = 0
    const expected = ({ vcts }: CredentialView, id: string): boolean => {
      looked += 1
      return looked < 2 && vcts.length > 0 && id === 'dc+sd-jwt'
    }
    expect(await code(wallet.receive(copies, { expected }))).toBe('wallet.credential-unexpected')
    expect(await wallet.list()).toEqual([])
    expect(await wallet.receive(copies, { expected: () => true })).toHaveLength(1)
  })

  test('takes none where they are not copies of one credential, if they should be', async () => {
    const wallet = createWallet({ formats: [format], now: () => now })
    const [one, two] = await wallet.prepare({ format: 'dc+sd-jwt', count: 2 })
    if (one === undefined || two === undefined) throw new Error('nothing was prepared')
    const different = [
      ...(await issue([one])),
      ...(await issue([two], { claims: { ...citizen, given_name: 'Volha' }, firstIndex: 200 })),
    ]
    expect(await code(wallet.receive(different, { copiesOfOne: true }))).toBe(
      'wallet.credential-unexpected',
    )
    expect(await wallet.list()).toEqual([])
    expect(await wallet.receive(different)).toHaveLength(2)
  })

  test('has keys that wait as long as the protocol says', async () => {
    let time = now
    const wallet = createWallet({ formats: [format], now: () => time })
    const asked = { format: 'dc+sd-jwt', count: 1 }
    const patient = await wallet.prepare({ ...asked, lifetime: 10 * 86_400 })
    const impatient = await wallet.prepare(asked)
    const copies = await issue(patient)
    const late = await issue(impatient)
    time = new Date(now.getTime() + 9 * 86_400_000)
    expect(await code(wallet.receive(late))).toBe('wallet.credential-not-ours')
    expect(await wallet.receive(copies)).toHaveLength(1)
    for (const lifetime of [0, -1, 1.5]) {
      await expect(wallet.prepare({ ...asked, lifetime })).rejects.toThrow(TypeError)
    }
  })
})
