import type { JsonObject } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { parseJws, signJws } from '@asoba/jwt'
import {
  type Interaction,
  type IssuerServer,
  type IssuerServerOptions,
  type NotificationEvent,
  x509Attesters,
} from '@asoba/openid4vc/issuer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import { credoCertificates, credoKeys } from './credo-roles.ts'
import { nation } from './nation.ts'
import { citizenshipsBy, issueCitizenship, offered, serveIssuer } from './our-issuer.ts'

let credo: Credo
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  credo = await credoAgent()
  closing.push(credo.close)
}, 60_000)
afterAll(async () => {
  for (const close of closing) await close()
})

async function serve(more: Partial<IssuerServerOptions> = {}): Promise<IssuerServer> {
  const { server, close } = await serveIssuer(more)
  closing.push(close)
  return server
}

/** A server whose pages for login and consent answer at once. */
async function serveLogin(
  end: (server: IssuerServer, interaction: Interaction) => Promise<Response>,
  more: Partial<IssuerServerOptions> = {},
): Promise<IssuerServer> {
  const server: IssuerServer = await serve({
    authorize: (_request, interaction) => end(server, interaction),
    ...more,
  })
  return server
}

const agreed = (server: IssuerServer, { interaction }: Interaction): Promise<Response> =>
  server.approve(interaction, { subject: nation.claims })

const client = { clientId: 'peer-wallet', redirectUri: 'https://wallet.example/back' } as const
const byLogin = {
  configurations: ['citizenship'],
  grant: 'authorization_code',
  subject: { application: 'a-17' },
  txCode: 'none',
} as const
const atOnce = { ...offered, txCode: 'none' } as const
type Holder = Credo['agent']['openid4vc']['holder']
type Resolver = Parameters<Holder['requestCredentials']>[0]['credentialBindingResolver']

/** The peer with a token by login, in a browser that follows the redirect. */
async function loggedIn(link: string, more: { readonly walletAttestationJwt?: string } = {}) {
  const { holder } = credo.agent.openid4vc
  const resolvedCredentialOffer = await holder.resolveCredentialOffer(link)
  const asked = await holder.resolveOpenId4VciAuthorizationRequest(resolvedCredentialOffer, {
    ...client,
    ...more,
  })
  if (asked.authorizationFlow !== 'Oauth2Redirect') throw new Error('the peer wants another flow')
  const { authorizationRequestUrl, codeVerifier, dpop } = asked
  const page = await fetch(authorizationRequestUrl, { redirect: 'manual' })
  const { authorizationCode: code } = holder.parseAuthorizationCodeFromAuthorizationResponse({
    resolvedCredentialOffer,
    authorizationResponseRedirectUrl: page.headers.get('location') ?? '',
  })
  const token = await holder.requestToken({
    resolvedCredentialOffer,
    code,
    ...client,
    ...(codeVerifier !== undefined && { codeVerifier }),
    ...(dpop && { dpop }),
    ...more,
  })
  return { resolvedCredentialOffer, clientId: client.clientId, ...token }
}

/** The peer with a token by pre-authorised code. */
async function redeemed(link: string) {
  const { holder } = credo.agent.openid4vc
  const resolvedCredentialOffer = await holder.resolveCredentialOffer(link)
  return { resolvedCredentialOffer, ...(await holder.requestToken({ resolvedCredentialOffer })) }
}

const twoKeys: Resolver = async () => ({ method: 'jwk', keys: await credoKeys(credo, 2) })

/** How many copies the peer got of the only credential. */
async function copiesFor(
  token: Awaited<ReturnType<typeof redeemed | typeof loggedIn>>,
  credentialBindingResolver: Resolver = twoKeys,
): Promise<number> {
  const { holder } = credo.agent.openid4vc
  const { credentials } = await holder.requestCredentials({ ...token, credentialBindingResolver })
  return credentials[0]?.record.credentialInstances.length ?? 0
}

test('Credo as wallet takes our offer by login: PAR, PKCE, issuer in the answer, DPoP', async () => {
  const seen: Interaction[] = []
  const server = await serveLogin(async (made, interaction) => {
    seen.push(interaction)
    return agreed(made, interaction)
  })
  const { link } = await server.createOffer(byLogin)
  const token = await loggedIn(link)
  expect(token.accessTokenResponse.token_type).toBe('DPoP')
  expect(await copiesFor(token)).toBe(2)
  const { clientId } = client
  const { configurations, subject: issuerState } = byLogin
  expect(seen).toMatchObject([{ clientId, configurations, issuerState }])
})

test('Credo as wallet hears that the person said no', async () => {
  const server = await serveLogin((made, { interaction }) => made.deny(interaction))
  const { link } = await server.createOffer(byLogin)
  await expect(loggedIn(link)).rejects.toMatchObject({ errorResponse: { error: 'access_denied' } })
})

test('Credo as wallet renews by refresh token what it has', async () => {
  const renewals: boolean[] = []
  const server = await serveLogin(agreed, {
    refreshLifetime: 3600,
    issue: (request) => {
      renewals.push(request.renewal)
      return issueCitizenship(request)
    },
  })
  const { link } = await server.createOffer(byLogin)
  const first = await loggedIn(link)
  expect(await copiesFor(first)).toBe(2)
  const { resolvedCredentialOffer, refreshToken = '', clientId, dpop } = first
  const { holder } = credo.agent.openid4vc
  const second = await holder.refreshToken({
    issuerMetadata: resolvedCredentialOffer.metadata,
    refreshToken,
    clientId,
    ...(dpop && { dpop }),
  })
  expect(await copiesFor({ ...first, ...second })).toBe(2)
  expect(renewals).toEqual([false, true])
})

/** An issuer that has nothing yet when it is asked first. */
async function askedForLater(more: Partial<IssuerServerOptions> = {}) {
  const server = await serve({
    issue: async (request) => (request.deferred ? issueCitizenship(request) : 'later'),
    ...more,
  })
  const token = await redeemed((await server.createOffer(atOnce)).link)
  const { holder } = credo.agent.openid4vc
  const asked = await holder.requestCredentials({ ...token, credentialBindingResolver: twoKeys })
  const [later] = asked.deferredCredentials
  if (later === undefined) throw new Error('nothing was deferred')
  const { accessToken, resolvedCredentialOffer } = token
  return holder.requestDeferredCredentials({
    ...later,
    issuerMetadata: resolvedCredentialOffer.metadata,
    accessToken,
    ...(asked.dpop && { dpop: asked.dpop }),
  })
}

test('Credo as wallet comes back for what is deferred', async () => {
  const { credentials } = await askedForLater()
  expect(credentials[0]?.record.credentialInstances).toHaveLength(2)
})

test('Credo takes no deferred credentials with a notification_id, which OpenID4VCI gives them', async () => {
  await expect(askedForLater({ notified: async () => undefined })).rejects.toThrow('deferred')
})

test('Credo as wallet tells us that it has the credential', async () => {
  const events: NotificationEvent[] = []
  const server = await serve({ notified: async (event) => void events.push(event) })
  const { link } = await server.createOffer(atOnce)
  const { resolvedCredentialOffer, ...token } = await redeemed(link)
  const { holder } = credo.agent.openid4vc
  const { credentials, dpop } = await holder.requestCredentials({
    resolvedCredentialOffer,
    ...token,
    credentialBindingResolver: twoKeys,
  })
  await holder.sendNotification({
    metadata: resolvedCredentialOffer.metadata,
    notificationId: credentials[0]?.notificationId ?? '',
    notificationEvent: 'credential_accepted',
    accessToken: token.accessToken,
    ...(dpop && { dpop }),
  })
  expect(events).toEqual([
    { event: 'credential_accepted', configuration: 'citizenship', status: [] },
  ])
})

test('Credo as wallet takes VC 1.1 as JWT, for a DID of its own', async () => {
  const server = await serve()
  const { link } = await server.createOffer({ ...atOnce, configurations: ['citizenship-1.1'] })
  const { did, didUrl } = await didKeyOf(credo)
  const bound: Resolver = async () => ({ method: 'did', didUrls: [didUrl] })
  const { holder } = credo.agent.openid4vc
  const token = await redeemed(link)
  const { credentials } = await holder.requestCredentials({
    ...token,
    credentialBindingResolver: bound,
  })
  const instances = credentials[0]?.record.credentialInstances ?? []
  const subjects = instances.map((each) => {
    const parsed = parseJws('credential' in each ? each.credential : undefined)
    return parsed.verified && parsed.claims?.['sub']
  })
  // The one that it proved, which it knows its key by.
  expect(subjects).toEqual([did])
})

/** A provider of wallets with a certificate, and what it says. */
async function provider() {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const { anchor, leaf } = await credoCertificates(credo, publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
  const x5c = [leaf.toString('base64')]
  const iat = Math.floor(Date.now() / 1000)
  return {
    attesters: x509Attesters({ anchors: [Uint8Array.from(Buffer.from(anchor, 'base64'))] }),
    says: (typ: string, claims: JsonObject): Promise<string> =>
      signJws({ typ, x5c }, { iat, exp: iat + 300, ...claims }, signer),
  }
}

type Provider = Awaited<ReturnType<typeof provider>>

async function walletAttestation({ says }: Provider): Promise<string> {
  const [key] = await credoKeys(credo, 1)
  const jwk = { ...key?.toJson() } as unknown as JsonObject
  // The peer wants `iss`, which the draft no longer demands.
  const iss = 'https://provider.example'
  return says('oauth-client-attestation+jwt', { iss, sub: client.clientId, cnf: { jwk } })
}

test('Credo as wallet brings the attestation of its provider, and nothing without', async () => {
  const made = await provider()
  const server = await serveLogin(agreed, {
    walletAttestation: { keys: made.attesters, required: true },
  })
  const { link } = await server.createOffer(byLogin)
  await expect(loggedIn(link)).rejects.toMatchObject({ errorResponse: { error: 'invalid_client' } })
  const walletAttestationJwt = await walletAttestation(made)
  expect(await copiesFor(await loggedIn(link, { walletAttestationJwt }))).toBe(2)
})

test('Credo as wallet brings an attestation of its keys', async () => {
  const { attesters, says } = await provider()
  const keyAttestation = { keyStorage: ['iso_18045_high'] }
  const server = await serve({
    keyAttesters: attesters,
    configurations: {
      citizenship: {
        format: 'dc+sd-jwt',
        type: nation.citizenship,
        signedWith: 'ES256',
        keyAttestation,
      },
    },
  })
  const attestedWith =
    (storage: string): Resolver =>
    async ({ cNonce }) => ({
      method: 'attestation',
      keyAttestationJwt: await says('key-attestation+jwt', {
        attested_keys: (await credoKeys(credo, 2)).map(
          (key) => ({ ...key.toJson() }) as unknown as JsonObject,
        ),
        key_storage: [storage],
        nonce: cNonce,
      }),
    })
  const token = await redeemed((await server.createOffer(atOnce)).link)
  await expect(copiesFor(token, twoKeys)).rejects.toThrow('requires key attestations')
  await expect(copiesFor(token, attestedWith('iso_18045_basic'))).rejects.toThrow('invalid_proof')
  expect(await copiesFor(token, attestedWith('iso_18045_high'))).toBe(2)
})

/** What HAIP demands of an issuer; the peer trusts who certified it. */
async function strict(made: Provider): Promise<Partial<IssuerServerOptions>> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const { anchor, leaf } = await credoCertificates(credo, publicJwk)
  credo.agent.x509.config.addTrustedCertificate(anchor)
  const x5c = [leaf.toString('base64')]
  const signer = await jwkSigner({ privateJwk, verificationMethod: '', x5c })
  return {
    haip: true,
    configurations: {
      citizenship: { format: 'dc+sd-jwt', type: nation.citizenship, signedWith: 'ES256' },
    },
    issue: citizenshipsBy('https://localhost', signer),
    walletAttestation: { keys: made.attesters, required: true },
    metadataSigner: signer,
    encryptionKey: { ...(await createKey('ES256')).privateJwk, kid: 'enc-1' },
  }
}

test('Credo as wallet keeps to what HAIP demands of it', async () => {
  const made = await provider()
  const server = await serveLogin(agreed, await strict(made))
  const { link } = await server.createOffer(byLogin)
  const walletAttestationJwt = await walletAttestation(made)
  expect(await copiesFor(await loggedIn(link, { walletAttestationJwt }))).toBe(2)
})
