import type { JsonObject, ReplayStore } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuer } from '@asoba/issuer'
import { createIssuerServer, memoryOffers } from '@asoba/openid4vc/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryReplay } from '@asoba/verifier'
import { citizenship, claims, registryDid, registrySigner } from './parties.ts'

/** Offers and marks live so long, in seconds: a load run shall see old ones go. */
const lifetime = 10

function forgetful(): ReplayStore {
  const replay = memoryReplay()
  return {
    firstUse: (id, expires) =>
      replay.firstUse(id, new Date(Math.min(expires.getTime(), Date.now() + lifetime * 1000))),
  }
}

/** An issuer of ours as a service has it: its endpoints, and one for the officer's page. */
export function ourIssuance(origin: string): (request: Request) => Promise<Response> {
  const issuer = createIssuer({
    issuer: registryDid,
    types: { citizenship },
    formats: [sdJwtVc({ signer: registrySigner })],
    status: 'none',
    validityDays: 30,
  })
  const server = createIssuerServer({
    url: origin,
    configurations: {
      citizenship: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256' },
    },
    issue: ({ subject, holders }) =>
      issuer.issue({
        format: 'dc+sd-jwt',
        type: 'citizenship',
        claims: subject as JsonObject,
        holders,
      }),
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    offers: memoryOffers(),
    replay: forgetful(),
    [allowInsecureLoopback]: true,
  })
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/endpoints') {
      const { nonce_endpoint: nonce, credential_endpoint: credential } = server.metadata
      const { token_endpoint: token } = server.authorizationServerMetadata
      return Response.json({ token, nonce, credential })
    }
    if (pathname !== '/offer') return server.handle(request)
    const { offer, link } = await server.createOffer({
      configurations: ['citizenship'],
      grant: 'pre-authorized_code',
      subject: claims,
      txCode: 'none',
      lifetime,
    })
    const { [grant]: granted } = offer['grants'] as Record<string, JsonObject>
    return Response.json({ link, code: granted?.['pre-authorized_code'] })
  }
}

const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
