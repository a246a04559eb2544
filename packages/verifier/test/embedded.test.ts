import { fromBase64url, fromUtf8, type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { presentationOf, signCredential, signJws, signPresentation, vcJwt } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { snapshotSource } from '@asoba/status'
import { type QueryInput, trustedIssuers, type VerifierOptions } from '@asoba/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  citizenship,
  claims,
  clinic,
  codesOf,
  createRegistry,
  now,
  type Registry,
} from './nation.ts'

// A credential inside of a presentation is checked like a lone one: `vc+jwt` in `vp+jwt`.
const query = {
  credentials: [
    {
      id: 'citizen',
      format: 'vc+jwt',
      meta: { type_values: [[citizenship.vcdmType]] },
      claims: [{ path: ['credentialSubject', 'citizen'], values: [true] }],
    },
  ],
} as const satisfies QueryInput

let registry: Registry
beforeAll(async () => {
  registry = await createRegistry(vcJwt)
})

async function person() {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
  return { did, signer, holder: { kind: 'jwk', publicJwk } as const }
}
type Person = Awaited<ReturnType<typeof person>>

interface Attempt {
  readonly tokens: readonly string[]
  readonly by: Person
  readonly change?: (presentation: JsonObject) => JsonObject
  readonly to?: { readonly audience?: string; readonly nonce?: string }
}

/** Embeds the tokens in a presentation that is signed well, and gives what a verifier says. */
async function judge(
  { tokens, by, change = (presentation) => presentation, to = {} }: Attempt,
  options: Partial<VerifierOptions> = {},
): Promise<readonly string[]> {
  const verifier = await clinic(registry, { formats: [vcJwt()], ...options })
  const request = await verifier.request(query)
  const { audience = request.audience, nonce = request.nonce } = to
  // By hand: our own signing would refuse some of these.
  const wire = await signJws(
    { typ: 'vp+jwt', cty: 'vp', kid: by.signer.verificationMethod },
    {
      ...change(presentationOf(by.did, tokens)),
      aud: audience,
      nonce,
      iat: Math.floor(now.getTime() / 1000),
    },
    by.signer,
  )
  const { state } = request
  return codesOf(await verifier.verify({ vp_token: { citizen: [wire] }, state }, request))
}

/** The credential that a token secures. */
function credentialIn(token: string): JsonObject {
  const body = fromBase64url(token.split('.')[1] ?? '') ?? new Uint8Array()
  return JSON.parse(fromUtf8(body) ?? '') as JsonObject
}

/** The token with other claims and the signature of before. */
function tampered(token: string, change: (credential: JsonObject) => object): string {
  const [head, , signature] = token.split('.')
  const changed = utf8(JSON.stringify(change(credentialIn(token))))
  return [head, toBase64url(changed), signature].join('.')
}

describe('a credential inside of a presentation', () => {
  test('is accepted where all is right, and the verifier learns its claims', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    expect(await judge({ tokens: [wire], by: alesia })).toEqual(['accepted'])
    const verifier = await clinic(registry, { formats: [sdJwtVc(), vcJwt()] })
    const request = await verifier.request(query)
    const held = await registry.issue()
    const result = await verifier.verify(await held.present(request), request)
    expect(result.verified && result.claims.citizen).toEqual(claims)
    expect(result.verified && result.credentials.citizen?.[0]?.holder).toEqual({
      kind: 'subject',
      proven: true,
    })
  })

  test('is refused when it was tampered with', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const president = tampered(wire, (credential) => ({
      ...credential,
      credentialSubject: {
        ...(credential['credentialSubject'] as JsonObject),
        given_name: 'Ruler',
      },
    }))
    expect(await judge({ tokens: [president], by: alesia })).toEqual(['jws.signature-invalid'])
    const endless = tampered(wire, ({ validUntil: _, ...credential }) => credential)
    expect(await judge({ tokens: [endless], by: alesia })).toContain('jws.signature-invalid')
  })

  test('is refused when it was revoked or suspended', async () => {
    const alesia = await person()
    const [revoked, suspended] = [
      await registry.issue({ holder: alesia.holder }),
      await registry.issue({ holder: alesia.holder }),
    ]
    await registry.revoke(revoked)
    await registry.suspend(suspended)
    expect(await judge({ tokens: [revoked.wire], by: alesia })).toEqual(['status.revoked'])
    expect(await judge({ tokens: [suspended.wire], by: alesia })).toEqual(['status.suspended'])
  })

  test('is refused when its status is missing or cannot be had', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const bare = await registry.issue({ holder: alesia.holder, status: undefined })
    expect(await judge({ tokens: [bare.wire], by: alesia })).toEqual(['status.missing'])
    const status = snapshotSource({})
    expect(await judge({ tokens: [wire], by: alesia }, { status })).toEqual(['status.unavailable'])
  })

  test('is refused when its issuer is not trusted, or for another type only', async () => {
    const alesia = await person()
    const other = await createRegistry(vcJwt)
    const { wire } = await other.issue({ holder: alesia.holder })
    expect(await judge({ tokens: [wire], by: alesia })).toContain('issuer.untrusted')
    const own = await registry.issue({ holder: alesia.holder })
    const trust = trustedIssuers({ residency: [registry.did] })
    expect(await judge({ tokens: [own.wire], by: alesia }, { trust })).toContain('issuer.untrusted')
  })

  test('is refused when an untrusted issuer signs in the name of a trusted one', async () => {
    const alesia = await person()
    const other = await createRegistry(vcJwt)
    const { wire } = await registry.issue({ holder: alesia.holder })
    const signer = { ...other.signer, verificationMethod: `${registry.did}#0` }
    const forged = await signCredential(credentialIn(wire), signer)
    expect(await judge({ tokens: [forged], by: alesia })).toEqual(['jws.signature-invalid'])
  })

  test('is refused when somebody else presents it', async () => {
    const [alesia, thief] = [await person(), await person()]
    const { wire } = await registry.issue({ holder: alesia.holder })
    expect(await judge({ tokens: [wire], by: thief })).toEqual(['holder.key-mismatch'])
    const posing = (presentation: JsonObject) => ({ ...presentation, holder: alesia.did })
    const signer = { ...thief.signer, verificationMethod: `${alesia.did}#0` }
    const by = { ...thief, signer }
    expect(await judge({ tokens: [wire], by, change: posing })).toEqual([
      'holder.signature-invalid',
    ])
  })

  test('is refused when it is bound to nobody', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: { kind: 'bearer' } })
    expect(await judge({ tokens: [wire], by: alesia })).toEqual(['holder.key-mismatch'])
  })

  test('is refused when it is of another type than was asked for', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const other = { ...citizenship, name: 'other', vcdmType: 'OtherCredential', vct: 'https://o' }
    const trust = trustedIssuers({ citizenship: [registry.did], other: [registry.did] })
    const verifier = await clinic(registry, {
      formats: [vcJwt()],
      types: [citizenship, other],
      trust,
    })
    const [asked] = query.credentials
    const request = await verifier.request({
      credentials: [{ ...asked, meta: { type_values: [['OtherCredential']] } }],
    })
    const { audience, nonce, state } = request
    const vp = await signPresentation(
      presentationOf(alesia.did, [wire]),
      { audience, nonce, now },
      alesia.signer,
    )
    const result = await verifier.verify({ vp_token: { citizen: [vp] }, state }, request)
    expect(codesOf(result)).toEqual(['query.unsatisfied'])
  })

  test('is refused when the verifier does not know its type', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const other = tampered(wire, (credential) => ({
      ...credential,
      type: ['VerifiableCredential', 'PresidentCredential'],
    }))
    expect(await judge({ tokens: [other], by: alesia })).toContain('credential.type-unknown')
  })

  test('is refused when it has expired or does not hold yet', async () => {
    const alesia = await person()
    const { holder } = alesia
    const expired = await registry.issue({ holder, validUntil: new Date('2026-11-20T00:00:00Z') })
    const early = await registry.issue({ holder, validFrom: new Date('2026-12-01T00:00:00Z') })
    expect(await judge({ tokens: [expired.wire], by: alesia })).toEqual(['credential.expired'])
    expect(await judge({ tokens: [early.wire], by: alesia })).toEqual(['credential.not-yet-valid'])
  })

  test('is refused when its claims are not those of the type', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({
      holder: alesia.holder,
      claims: { ...claims, passport_number: 'X' },
    })
    expect(await judge({ tokens: [wire], by: alesia })).toEqual(['claims.invalid'])
  })

  test('is refused when it lies in the presentation without its signature', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const plain = credentialIn(wire)
    const change = (presentation: JsonObject) => ({
      ...presentation,
      verifiableCredential: [plain],
    })
    expect(await judge({ tokens: [wire], by: alesia, change })).toContain('presentation.malformed')
  })

  test('is refused when a good one lies beside it', async () => {
    const alesia = await person()
    const [one, two] = [
      await registry.issue({ holder: alesia.holder }),
      await registry.issue({ holder: alesia.holder }),
    ]
    const found = await judge({ tokens: [one.wire, two.wire], by: alesia })
    expect(found).toEqual(['presentation.malformed'])
    const bad = tampered(two.wire, (credential) => ({
      ...credential,
      validFrom: '2000-01-01T00:00:00Z',
    }))
    expect(await judge({ tokens: [one.wire, bad], by: alesia })).toContain('jws.signature-invalid')
  })

  test('is refused outside of a presentation', async () => {
    const verifier = await clinic(registry, { formats: [vcJwt()] })
    const request = await verifier.request(query)
    const { wire } = await registry.issue()
    const presentation = { vp_token: { citizen: [wire] }, state: request.state }
    expect(codesOf(await verifier.verify(presentation, request))).toEqual([
      'holder.binding-missing',
    ])
  })
})

describe('a presentation', () => {
  test('for another audience or another request is refused', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const attempt = { tokens: [wire], by: alesia }
    expect(await judge({ ...attempt, to: { audience: 'https://police.example' } })).toEqual([
      'holder.audience-mismatch',
    ])
    expect(await judge({ ...attempt, to: { nonce: 'n'.repeat(32) } })).toEqual([
      'holder.nonce-mismatch',
    ])
  })

  test('by a DID that the verifier cannot resolve is refused', async () => {
    const alesia = await person()
    const { wire } = await registry.issue({ holder: alesia.holder })
    const signer = { ...alesia.signer, verificationMethod: 'did:web:somebody.example#key-1' }
    const by = { ...alesia, did: 'did:web:somebody.example', signer }
    const found = await judge({ tokens: [wire], by })
    expect(found).not.toContain('accepted')
    expect(found).toContain('holder.key-mismatch')
  })
})
