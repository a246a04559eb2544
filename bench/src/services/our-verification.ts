import { createSeal } from '@asoba/core/seal'
import { didResolver, jwk } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createPresentationServer, memoryResponses } from '@asoba/openid4vc/verifier'
import { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
import { httpStatusSource } from '@asoba/status/token'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import { citizenQuery, citizenship, registryDid, verifierSigner } from './parties.ts'

/** Requests live so long, in seconds: a load run shall see old ones go. */
const lifetime = 10

/** A verifier of ours as a service has it: its endpoints, and two for the page that begins. */
export function ourVerification(origin: string): (request: Request) => Promise<Response> {
  const server = createPresentationServer({
    verifier: createVerifier({
      audience: origin,
      types: [citizenship],
      issuerKeys: issuerKeys({ did: didResolver({ methods: [jwk] }) }),
      trust: trustedIssuers({ citizenship: [registryDid] }),
      formats: [sdJwtVcVerifying()],
      status: { source: httpStatusSource({ fetch }), policy: { citizenship: 'none-issued' } },
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      replay: memoryReplay(),
      clockTolerance: 60,
      maxProofAge: 300,
    }),
    url: origin,
    clientId: { prefix: 'decentralized_identifier', signer: verifierSigner },
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    responses: memoryResponses(),
    returnTo: `${origin}/result`,
    lifetime,
    [allowInsecureLoopback]: true,
  })
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/begin') {
      const begun = await server.begin({ flow: 'cross-device', query: citizenQuery })
      const { link, transaction } = begun
      const requestUri = new URL(link).searchParams.get('request_uri')
      return Response.json({ link, requestUri, transaction })
    }
    if (pathname === '/collect') {
      const { transaction } = await request.json()
      const collected = await server.collect({ transaction, query: citizenQuery })
      const verified = collected.status === 'answered' && collected.result.verified
      return Response.json({ verified })
    }
    return server.handle(request)
  }
}
