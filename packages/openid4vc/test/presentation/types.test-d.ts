import type { JsonObject } from '@asoba/core'
import {
  type Collected,
  createPresentationServer,
  type PresentationServerOptions,
} from '@asoba/openid4vc/verifier'
import { createPresentationClient, type PresentationClientOptions } from '@asoba/openid4vc/wallet'

// Compiled, never run: what must not be forgotten or assumed does not compile.
declare const options: PresentationServerOptions
const server = createPresentationServer(options)
const query = {
  credentials: [{ id: 'citizen', format: 'dc+sd-jwt', meta: { vct_values: ['a'] } }],
} as const

// --- What begins a presentation depends on how it travels.
const byLink = await server.begin({ flow: 'same-device', query })
const byPage = await server.begin({ flow: 'dc-api', query })
void [byLink.link, byPage.request.protocol]
// @ts-expect-error a page gets no link
void byPage.link
// @ts-expect-error a link has no request for a page
void byLink.request
// @ts-expect-error nothing says how it travels
void server.begin({ query })
// @ts-expect-error a page has no reference
void server.begin({ flow: 'dc-api', query, by: 'reference' })

// --- Claims exist where an answer was accepted, and nowhere else.
const collected: Collected<typeof query> = await server.collect({ transaction: '', query })
if (collected.status === 'answered') {
  // @ts-expect-error nobody has looked yet
  void collected.result.claims
  if (collected.result.verified) {
    const claims: JsonObject = collected.result.claims.citizen
    void claims
    // @ts-expect-error nobody asked for it
    void collected.result.claims.tax
  }
} else {
  // @ts-expect-error there is no answer
  void collected.result
}

// --- Nothing of security is there by default.
const { clientId: _, ...withoutClient } = options
// @ts-expect-error nobody would know who asks
void createPresentationServer(withoutClient)
const { responses: __, ...withoutStore } = options
// @ts-expect-error answers would wait nowhere
void createPresentationServer(withoutStore)
// @ts-expect-error a redirect_uri client cannot sign
void createPresentationServer({ ...options, clientId: { prefix: 'redirect_uri', signer: {} } })
// @ts-expect-error and the others must
void createPresentationServer({ ...options, clientId: { prefix: 'x509_hash' } })

declare const holder: PresentationClientOptions
const client = createPresentationClient(holder)
// @ts-expect-error whether strangers are answered is for the wallet to say
void createPresentationClient({ ...holder, verifiers: {} })
const { fetch: ___, ...withoutFetch } = holder
// @ts-expect-error there is no way to the network but the given one
void createPresentationClient(withoutFetch)

const reading = await client.readRequest('openid4vp://')
// @ts-expect-error who asks is not known yet
void reading.incoming
if (reading.verified) {
  const [match] = await client.match(reading.incoming)
  // @ts-expect-error there may be nothing to answer with
  void client.respond(reading.incoming, match)
} else if (reading.refusal !== undefined) {
  void client.decline(reading.refusal, reading.refusal.error)
}
