import { ageThresholds } from '@asoba/credentials'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuerServer, memoryOffers } from '@asoba/openid4vc/issuer'
import { createPresentationServer, memoryResponses } from '@asoba/openid4vc/verifier'
import { didWebDocument } from '@asoba/veramo'
import { memoryReplay } from '@asoba/verifier'
import { ours, type Registry, theirs } from './agent.ts'

// Lawyers of the partner are asked for their occupation, and for nothing else.
const meta = { vct_values: [theirs.profession.vct] }
const format = 'dc+sd-jwt'
const asked = { id: 'profession', format, meta, claims: [{ path: ['occupation'] }] }
const query = { credentials: [asked] }
const citizenship = { format, type: ours.citizenship, signedWith: 'ES256' } as const
const claims = { citizen: true, evidence: { trust_framework: 'asoba', assurance_level: 'P2' } }

/** The registry on the web: whatever speaks OpenID4VCI may take, and OpenID4VP answer. */
export function serve({ agent, identifier, verifier, seal, signer }: Registry, origin: string) {
  const here = { seal, [allowInsecureLoopback]: true } as const
  const stores = { ...here, offers: memoryOffers(), replay: memoryReplay(), batchSize: 10 }
  const issuing = createIssuerServer({
    url: origin,
    configurations: { citizenship },
    issue: ({ subject, holders }) =>
      agent.asobaIssue({ format, type: 'citizenship', claims: subject, holders } as never) as never,
    ...stores,
  })
  const asking = createPresentationServer({
    url: `${origin}/openid4vp`,
    clientId: { prefix: 'decentralized_identifier', signer },
    returnTo: `${origin}/done`,
    responses: memoryResponses(),
    verifier,
    ...here,
  })
  const handle = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/.well-known/did.json') return Response.json(didWebDocument(identifier))
    if (pathname.startsWith('/openid4vp/')) return asking.handle(request)
    if (pathname === '/ask') {
      const { link, transaction } = await asking.begin({ flow: 'same-device', query })
      const cookie = `asked=${transaction}; HttpOnly; SameSite=Lax; Path=/done`
      return Response.json({ link }, { headers: { 'set-cookie': cookie } })
    }
    if (pathname !== '/done') return issuing.handle(request)
    const [, transaction = ''] = /asked=([\w-]+)/.exec(request.headers.get('cookie') ?? '') ?? []
    const back = { transaction, responseCode: searchParams.get('response_code') ?? '' }
    return Response.json(await asking.collect({ ...back, query }))
  }
  const offer = (birthdate: string) => {
    const subject = { ...claims, age_equal_or_over: ageThresholds(birthdate, new Date()) }
    const by = { grant: 'pre-authorized_code', txCode: { length: 6 } } as const
    return issuing.createOffer({ configurations: ['citizenship'], subject, ...by })
  }
  return { handle, offer, did: identifier.did }
}
