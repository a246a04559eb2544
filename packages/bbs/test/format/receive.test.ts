import {
  equalBytes,
  type HolderProof,
  type JsonObject,
  randomSecrets,
  toBase64url,
} from '@asoba/core'
import { residenceThresholds } from '@asoba/credentials'
import { didKeyOf } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { trustedIssuers } from '@asoba/verifier'
import { createWallet } from '@asoba/wallet'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { settingsOf } from '../../src/format/profiles.ts'
import { bbs2023, bbsSigner, createBbsKey } from '../../src/index.ts'
import { createScalar } from '../../src/scheme.ts'
import { drawFixedLabels, hasFixedLabels } from '../../src/shape/labels.ts'
import { fixedCredential, mandatoryPointers } from '../../src/shape/specimen.ts'
import { decodeBaseProof, encodeBaseProof } from '../../src/suite/proof-value.ts'
import { signBase } from '../../src/suite/sign-base.ts'
import { claims, createRegistry, nation, now, queryFor, shownBy, verifierOf } from './nation.ts'

const dates = { validFrom: new Date('2026-09-04'), validUntil: new Date('2026-12-03') }

describe.each([0, 2])('a credential with %i nyms, from an issuer that marks people', (nyms) => {
  const registry = createRegistry({ nyms })
  const settings = settingsOf(registry.profile)
  const format = bbs2023(registry.profile)
  const { did: issuer, signer } = registry
  let holder: { readonly proof: HolderProof; readonly retained: Uint8Array }
  beforeAll(async () => {
    holder = await format.prepareHolder(randomSecrets(), { issuer })
  })

  /** A key that gives other labels than the fixed ones. */
  async function otherKey(): Promise<Uint8Array> {
    const honest = fixedCredential({ type: nation.citizenship, issuer, claims, ...dates })
    for (;;) {
      const key = crypto.getRandomValues(new Uint8Array(32))
      if (!(await hasFixedLabels(settings.processor, honest, key))) return key
    }
  }

  /** Signed by the registry's key, whatever it is. */
  async function signed(
    change: {
      readonly document?: (honest: JsonObject) => JsonObject
      readonly options?: JsonObject
      readonly pointers?: readonly string[]
      readonly otherLabels?: true
    } = {},
  ): Promise<JsonObject> {
    const { document: edit = (same: JsonObject) => same, options, pointers } = change
    const { processor, feature } = settings
    const honest = fixedCredential({ type: nation.citizenship, issuer, claims, ...dates })
    const document = edit(honest)
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'bbs-2023',
      verificationMethod: signer.verificationMethod,
      proofPurpose: 'assertionMethod',
      ...options,
    }
    const hmacKey = change.otherLabels ? await otherKey() : await drawFixedLabels(processor, honest)
    if (holder.proof.kind !== 'bbs-commitment') throw new Error('no commitment')
    const { commitmentWithProof } = holder.proof
    const entropy = nyms === 0 ? undefined : createScalar()
    const share = entropy === undefined ? {} : { entropy }
    const proofValue = await signBase(
      processor,
      {
        document,
        proof,
        mandatoryPointers: pointers ?? mandatoryPointers,
        hmacKey,
        publicKey: signer.publicKey,
        feature,
        ...share,
      },
      (data) => signer.sign({ ...data, commitmentWithProof, nyms, ...share }),
    )
    return { ...document, proof: { ...proof, proofValue } }
  }
  const accepts = (wire: unknown) =>
    format.accepts?.({ format: format.id, wire: wire as JsonObject }, holder.retained)
  const subjectOf = (document: JsonObject) => document['credentialSubject'] as JsonObject
  const withSubject = (change: JsonObject) => (document: JsonObject) => ({
    ...document,
    credentialSubject: { ...subjectOf(document), ...change },
  })
  const without = (name: string) => (document: JsonObject) => {
    const { [name]: _, ...rest } = subjectOf(document)
    return { ...document, credentialSubject: rest }
  }

  test('is received where it is as everybody’s', async () => {
    expect(await accepts(await signed())).toBe(true)
  })

  test.each<readonly [string, Parameters<typeof signed>[0]]>([
    ['a claim left out', { document: without('middle_name') }],
    [
      'an array in another order',
      { document: withSubject({ nationalities: ['QU', 'QS', ...nones(3, 8)] }) },
    ],
    ['an array that is shorter', { document: withSubject({ nationalities: ['QS', 'QU'] }) }],
    ['another word for nothing', { document: withSubject({ middle_name: 'none:1' }) }],
    ['an id', { document: (document) => ({ ...document, id: 'urn:x:7' }) }],
    ['an id of the subject', { document: withSubject({ id: 'urn:x:7' }) }],
    ['a member more', { document: (document) => ({ ...document, name: 'seventh' }) }],
    [
      'an issuer with a name',
      { document: (document) => ({ ...document, issuer: { id: issuer } }) },
    ],
    [
      'types of the subject in another order',
      {
        document: (document) =>
          withSubject({ type: [...(subjectOf(document)['type'] as string[])].reverse() })(document),
      },
    ],
    [
      'a context twice',
      {
        document: (document) => {
          const contexts = document['@context'] as string[]
          return { ...document, '@context': [...contexts, contexts[1] as string] }
        },
      },
    ],
    [
      'a date with milliseconds',
      {
        document: (document) => ({ ...document, validFrom: '2026-09-04T00:00:00.000Z' }),
      },
    ],
    [
      'a date in another zone',
      {
        document: (document) => ({ ...document, validUntil: '2026-12-03T01:00:00+01:00' }),
      },
    ],
    [
      'a validity of its own',
      {
        document: (document) => ({ ...document, validFrom: '2026-09-05T00:00:00Z' }),
      },
    ],
    ['a time of signing', { options: { created: '2026-09-04T00:00:00Z' } }],
    ['another purpose', { options: { proofPurpose: 'authentication' } }],
    [
      'a key that is named as somebody else’s',
      { options: { verificationMethod: 'did:web:x.example#7' } },
    ],
    ['more that must be shown', { pointers: [...mandatoryPointers, '/credentialSubject/citizen'] }],
    ['less that must be shown', { pointers: mandatoryPointers.slice(1) }],
    ['other labels', { otherLabels: true }],
  ])('is refused for %s', async (_name, change) => {
    const wire = await signed(change).catch(() => undefined)
    // What cannot even be signed is refused as well.
    if (wire !== undefined) expect(await accepts(wire)).toBe(false)
    else expect(change?.document).toBeDefined()
  })

  test('is refused when anything in it was changed after it was signed', async () => {
    const wire = await signed()
    const { proof } = wire as { readonly proof: JsonObject }
    const value = decodeBaseProof(settings.feature, proof['proofValue'])
    if (value === undefined) throw new Error('no base proof')
    const stranger = bbsSigner({ ...createBbsKey(), verificationMethod: signer.verificationMethod })
    const changes = [
      { signature: value.signature.map((byte, at) => (at === 79 ? byte ^ 1 : byte)) },
      { signature: new Uint8Array(80) },
      { header: value.header.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) },
      { publicKey: stranger.publicKey },
      { publicKey: new Uint8Array(96) },
      // The key itself is not signed: another one that gives the same labels is as good.
      { hmacKey: await otherKey() },
      { mandatoryPointers: [mandatoryPointers.join()] },
      ...(nyms === 0
        ? []
        : [
            { entropy: createScalar() },
            { entropy: new Uint8Array(32) },
            { entropy: new Uint8Array(32).fill(255) },
          ]),
    ]
    for (const change of changes) {
      const proofValue = encodeBaseProof(settings.feature, { ...value, ...change })
      expect([
        Object.keys(change),
        await accepts({ ...wire, proof: { ...proof, proofValue } }),
      ]).toEqual([Object.keys(change), false])
    }
    expect(await accepts(withSubject({ given_name: 'Natalia' })(wire))).toBe(false)
  })

  test('of any shape is judged without accepting it, and read or refused by its code', async () => {
    const wire = await signed()
    const { proof } = wire as { readonly proof: JsonObject }
    const text = String(proof['proofValue'])
    const own = decodeBaseProof(settings.feature, text)
    if (own === undefined) throw new Error('no base proof')
    const garbled = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => `u2V0E${toBase64url(bytes)}`),
      fc.nat(text.length - 1).map((at) => text.slice(0, at)),
      fc
        .tuple(fc.integer({ min: 1, max: text.length - 1 }), fc.constantFrom('A', 'z', '_', '0'))
        .filter(([at, by]) => text[at] !== by)
        .map(([at, by]) => text.slice(0, at) + by + text.slice(at + 1)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(wire)),
        fc.jsonValue({ maxDepth: 2 }),
        garbled,
        async (name, junk, value) => {
          const read = decodeBaseProof(settings.feature, value)
          // Nothing but the key of the labels is not signed; another may give the same ones.
          fc.pre(
            read === undefined ||
              !equalBytes(read.signature, own.signature) ||
              !equalBytes(read.publicKey, own.publicKey) ||
              equalBytes(read.hmacKey, own.hmacKey),
          )
          const changed = [
            { ...wire, [name]: junk },
            { ...wire, proof: { ...proof, proofValue: value } },
          ]
          for (const one of changed) {
            const judged = await Promise.resolve(accepts(one)).catch(
              (error: { readonly code?: unknown }) => error.code,
            )
            expect([false, 'credential.malformed']).toContain(judged)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('is shown in one order of members, whatever order it was received in', async () => {
    const wire = await signed()
    const backwards = reversed(wire) as JsonObject
    expect(JSON.stringify(backwards)).not.toBe(JSON.stringify(wire))
    const to = { audience: 'https://clinic.example', nonce: 'n', purpose: 'present', now } as const
    const [one, two] = await Promise.all(
      [wire, backwards].map(async (received) => {
        expect(await accepts(received)).toBe(true)
        const secured = { format: format.id, wire: received }
        const disclosed = [['credentialSubject', 'citizen']]
        const shown = (await format.present(secured, disclosed, to, holder.retained)).wire
        const { proof, ...document } = shown as JsonObject
        return JSON.stringify([document, { ...(proof as JsonObject), proofValue: '' }])
      }),
    )
    expect(one).toBe(two)
  })
})

describe('an issuer that is given', () => {
  test('any bytes as a commitment signs none of them', async () => {
    const registry = createRegistry({ nyms: 1 })
    const format = bbs2023({ ...registry.profile, signer: registry.signer })
    const input = { type: nation.citizenship, issuer: registry.did, claims, ...dates }
    const { proof } = await format.prepareHolder(randomSecrets(), { issuer: registry.did })
    if (proof.kind !== 'bbs-commitment') throw new Error('no commitment')
    const { commitmentWithProof: good } = proof
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: good.length, maxLength: good.length }),
      fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
        const copy = good.slice()
        copy[at] = (copy[at] as number) ^ by
        return copy
      }),
    )
    await fc.assert(
      fc.asyncProperty(any, async (commitmentWithProof) => {
        await expect(
          format.secure(input, { kind: 'bbs-commitment', commitmentWithProof }),
        ).rejects.toMatchObject({ code: 'bbs.commitment-invalid' })
      }),
      { numRuns: 20 },
    )
  })
})

describe('what people need of ages and years', () => {
  test('is answered by a yes or no that was issued, and nothing else is shown', async () => {
    const registry = createRegistry({ nyms: 0 })
    const verifier = verifierOf(registry)
    const asked = (age: string, values: readonly boolean[]) => {
      const [query] = queryFor().credentials
      const path = ['credentialSubject', 'age_equal_or_over', age]
      return { credentials: [{ ...query, claims: [{ path, values }] }] } as never
    }
    const wallet = await registry.walletOf()
    for (const [age, answer] of [
      ['18', true],
      ['21', true],
      ['65', false],
    ] as const) {
      const request = await verifier.request(asked(age, [answer]))
      const shown = await shownBy(wallet, request)
      const result = await verifier.verify({ vp_token: { citizen: [shown] } }, request)
      expect(result).toMatchObject({
        verified: true,
        claims: { citizen: { age_equal_or_over: { [age]: answer } } },
      })
      const { type: _, ...told } = shown['credentialSubject'] as JsonObject
      expect(told).toEqual({ age_equal_or_over: { [age]: answer } })
      // Who is asked for the other answer has nothing to show.
      expect(await wallet.match(await verifier.request(asked(age, [!answer])))).toEqual([])
    }
  })

  test('is answered of residence as well: how many years, and not since when', async () => {
    const { residency } = nation
    const { secretKey, publicJwk } = createBbsKey()
    const issuer = didKeyOf(publicJwk)
    const verificationMethod = `${issuer}#${issuer.slice(8)}`
    const profile = { types: [residency], nyms: 1 }
    const registry = createIssuer({
      issuer,
      types: { residency },
      formats: [bbs2023({ ...profile, signer: bbsSigner({ secretKey, verificationMethod }) })],
      status: 'none',
      validityDays: { residency: { epochDays: 90 } },
      now: () => now,
    })
    const format = bbs2023(profile)
    const wallet = createWallet({ formats: [format], secrets: randomSecrets(), now: () => now })
    const holders = await wallet.prepare({ format: format.id, count: 1, issuer })
    const since = '2020-02-29'
    const own = {
      resident: true,
      address: { country: 'QS' },
      resident_since: since,
      resident_years_equal_or_over: residenceThresholds(since, now),
      evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
    }
    const issuance = { format: format.id, type: 'residency', claims: own, holders } as const
    const issued = await registry.issue(issuance)
    await wallet.receive(issued.map(({ wire }) => wire))
    const verifier = verifierOf(createRegistry(), {
      types: [residency],
      trust: trustedIssuers({ residency: [issuer] }),
      formats: [format],
      status: {
        source: { get: () => Promise.reject(new Error('there is none')) },
        policy: { residency: 'epoch' },
      },
    })
    for (const [years, answer] of [
      ['5', true],
      ['10', false],
    ] as const) {
      const request = await verifier.request({
        credentials: [
          {
            id: 'resident',
            format: 'ldp_vc',
            meta: { type_values: [['ResidencyCredential']] },
            claims: [
              {
                path: ['credentialSubject', 'resident_years_equal_or_over', years],
                values: [answer],
              },
            ],
          },
        ],
      })
      const [match] = await wallet.match(request)
      if (match === undefined) throw new Error('nothing matches')
      const presentation = await wallet.present(request, match)
      const [shown] = presentation.vp_token['resident'] ?? []
      const { credentialSubject } = shown as JsonObject
      const { type: _, ...told } = credentialSubject as JsonObject
      expect(told).toEqual({ resident_years_equal_or_over: { [years]: answer } })
      expect(await verifier.verify(presentation, request)).toMatchObject({
        verified: true,
        claims: { resident: { resident_years_equal_or_over: { [years]: answer } } },
      })
    }
  })
})

/** Members in the opposite order, arrays as they are. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

function nones(from: number, length: number): readonly string[] {
  return Array.from({ length: length - from + 1 }, (_, at) => `none:${at + 1}`)
}
