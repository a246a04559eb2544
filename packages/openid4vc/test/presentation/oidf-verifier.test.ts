import { isJsonObject, type JsonObject, parseJson, type Signer } from '@asoba/core'
import { jwkSigner } from '@asoba/did'
import { parseJws, signJws } from '@asoba/jwt'
import { createVerifier } from '@asoba/verifier'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { clinicOptions, type Held } from '../../../verifier/test/nation.ts'
import { encryptJson } from '../../src/jwe.ts'
import { withSignatureBroken } from './by-hand.ts'
import { clinicOnTheWeb, codes, fetchOf, now, query, registry } from './world.ts'

// The modules of the OpenID Foundation's conformance suite for verifiers of SD-JWT VCs (plan
// oid4vp-1final-verifier), by their own names. The suite plays the wallet; here the tests do.
// Answers are judged when they are collected, which the plan allows («defers VP verification»).

type Asked = { readonly nonce: string; readonly client_id: string; readonly response_uri: string }
type Wire = (asked: Asked) => Promise<string>

/** Signs as the holder whatever it is given. */
const holderSigner = (): Promise<Signer> =>
  jwkSigner({ privateJwk: parseJson(held.retained) as never, verificationMethod: '' })

let held: Held
beforeAll(async () => {
  held = await registry.issue()
})

/** The presentation that is right: `change` makes it wrong. */
const presentation =
  (change: { audience?: string; nonce?: string; at?: Date; of?: Held } = {}): Wire =>
  async ({ nonce, client_id: audience }) => {
    const { at = now, of = held, ...address } = change
    const { vp_token } = await of.present({ nonce, audience, ...address }, { at })
    return vp_token['citizen']?.[0] ?? ''
  }

/** The same with another key binding, signed anew by the holder. */
const withKeyBinding =
  (change: (claims: JsonObject) => JsonObject): Wire =>
  async (asked) => {
    const wire = await presentation()(asked)
    const end = wire.lastIndexOf('~') + 1
    const parsed = parseJws(wire.slice(end))
    if (!parsed.verified || parsed.claims === undefined) throw new Error('no key binding')
    const signer = await holderSigner()
    return wire.slice(0, end) + (await signJws({ typ: 'kb+jwt' }, change(parsed.claims), signer))
  }

/** Fetches the request, answers it as the suite would, goes where it is sent, collects. */
async function run(
  wire: Wire,
  options: {
    readonly fetches?: number
    readonly method?: 'GET' | 'POST'
    readonly encrypted?: boolean
    readonly server?: Awaited<ReturnType<typeof clinicOnTheWeb>>
  } = {},
): Promise<{
  readonly accepted: boolean
  readonly problems: readonly string[]
  asked: JsonObject
}> {
  const { fetches = 1, method = 'GET', encrypted = true } = options
  const { server } = options.server ?? (await clinicOnTheWeb())
  const { fetch } = fetchOf(server)
  const begun = await server.begin({ flow: 'same-device', query, encrypted })
  const link = new URLSearchParams(begun.link.slice(begun.link.indexOf('?') + 1))
  const form = {
    wallet_nonce: 'nonce-of-the-wallet',
    wallet_metadata: '{"vp_formats_supported":{}}',
  }
  const init = method === 'GET' ? {} : { method, body: new URLSearchParams(form) }
  let asked: JsonObject = {}
  for (let time = 0; time < fetches; time++) {
    const response = await fetch(String(link.get('request_uri')), init)
    asked = decodeJwt(await response.text()) as JsonObject
  }
  const { state, client_metadata: metadata } = asked
  const jwks = isJsonObject(metadata) && isJsonObject(metadata['jwks']) ? metadata['jwks'] : {}
  const [publicJwk] = (jwks['keys'] ?? []) as never[]
  const shown = { citizen: [await wire(asked as never)] }
  const body = encrypted
    ? {
        response: await encryptJson(
          { vp_token: shown, state: state as string },
          { publicJwk: publicJwk as never, enc: 'A128GCM' },
        ),
      }
    : { vp_token: JSON.stringify(shown), state: String(state) }
  const posted = await fetch(String(asked['response_uri']), {
    method: 'POST',
    body: new URLSearchParams(body),
  })
  expect(posted.status).toBe(200)
  expect(posted.headers.get('content-type')).toBe('application/json')
  const sent = parseJson(await posted.text())
  const to = new URL(isJsonObject(sent) ? String(sent['redirect_uri']) : '')
  const responseCode = to.searchParams.get('response_code') ?? ''
  const { transaction } = begun
  const collected = await server.collect({ transaction, responseCode })
  if (collected.status !== 'answered') throw new Error(collected.status)
  return { accepted: collected.result.verified, problems: codes(collected.result), asked }
}

const refusedFor = async (wire: Wire, ...problems: readonly string[]) => {
  for (const encrypted of [true, false]) {
    expect(await run(wire, { encrypted })).toMatchObject({ accepted: false, problems })
  }
}

describe('oid4vp-1final-verifier', () => {
  test('happy-flow', async () => {
    for (const encrypted of [true, false]) {
      expect(await run(presentation(), { encrypted })).toMatchObject({ accepted: true })
    }
  })

  test('minimal-cnf-jwk', async () => {
    const { cnf } = decodeJwt(held.wire.split('~')[0] ?? '') as { cnf: { jwk: object } }
    expect(Object.keys(cnf.jwk).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(await run(presentation())).toMatchObject({ accepted: true })
  })

  test('request-uri-method-post', async () => {
    const { accepted, asked } = await run(presentation(), { method: 'POST' })
    expect(accepted).toBe(true)
    expect(asked['wallet_nonce']).toBe('nonce-of-the-wallet')
  })

  test('request-uri-fetched-twice', async () => {
    expect(await run(presentation(), { fetches: 2 })).toMatchObject({ accepted: true })
    const again = { fetches: 2, method: 'POST' } as const
    expect(await run(presentation(), again)).toMatchObject({ accepted: true })
  })

  test('invalid-credential-signature', async () => {
    const wire: Wire = async (asked) => {
      const [credential = '', ...rest] = (await presentation()(asked)).split('~')
      const shown = [withSignatureBroken(credential), ...rest.slice(0, -1), ''].join('~')
      // The holder binds to what is shown, so that nothing else is wrong.
      const parsed = parseJws(rest.at(-1))
      if (!parsed.verified) throw new Error('no key binding')
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(shown))
      const sd_hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace(/=+$/, '')
      const signer = await holderSigner()
      return shown + (await signJws({ typ: 'kb+jwt' }, { ...parsed.claims, sd_hash }, signer))
    }
    await refusedFor(wire, 'jws.signature-invalid')
  })

  test('invalid-kb-jwt-signature', async () => {
    const wire: Wire = async (asked) => {
      const parts = (await presentation()(asked)).split('~')
      return [...parts.slice(0, -1), withSignatureBroken(parts.at(-1) ?? '')].join('~')
    }
    await refusedFor(wire, 'holder.signature-invalid')
  })

  test('invalid-sd-hash', async () => {
    const sd_hash = 'A'.repeat(43)
    await refusedFor(
      withKeyBinding((claims) => ({ ...claims, sd_hash })),
      'holder.proof-malformed',
    )
  })

  test('invalid-kb-jwt-nonce', async () => {
    await refusedFor(presentation({ nonce: 'another' }), 'holder.nonce-mismatch')
  })

  test('invalid-kb-jwt-aud', async () => {
    for (const audience of [
      'clinic.example',
      'https://clinic.example',
      'x509_san_dns:other.example',
      'origin:https://clinic.example',
    ]) {
      await refusedFor(presentation({ audience }), 'holder.audience-mismatch')
    }
  })

  test('kb-jwt-iat-in-past', async () => {
    const at = new Date(now.getTime() - 365 * 86_400_000)
    await refusedFor(presentation({ at }), 'holder.too-old')
  })

  test('kb-jwt-iat-in-future', async () => {
    const at = new Date(now.getTime() + 365 * 86_400_000)
    await refusedFor(presentation({ at }), 'holder.not-yet-valid')
  })

  test('present-revoked-credential', async () => {
    const revoked = await registry.issue()
    await registry.revoke(revoked)
    const verifier = createVerifier(await clinicOptions(registry))
    const server = await clinicOnTheWeb({ verifier })
    const { accepted, problems } = await run(presentation({ of: revoked }), { server })
    expect({ accepted, problems }).toEqual({ accepted: false, problems: ['status.revoked'] })
  })

  test('present-credential-without-status', async () => {
    const of = await registry.issue({ status: undefined })
    expect(await run(presentation({ of }))).toMatchObject({
      accepted: false,
      problems: ['status.missing'],
    })
  })
})
