import { didWebDocument, type HolderProofJson } from '@asoba/veramo'
import { type Registry, theirs } from './agent.ts'

/** Lawyers of the partner are asked for their occupation, and for nothing else. */
const meta = { vct_values: [theirs.profession.vct] }
const asked = { id: 'profession', format: 'dc+sd-jwt', meta, claims: [{ path: ['occupation'] }] }
const query = { credentials: [asked] }

/** The registry on the web; `codes` were handed out to applicants who were identified. */
export async function handle(
  { agent, identifier }: Registry,
  request: Request,
  codes: Map<string, object>,
): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (request.method === 'GET' && pathname === '/.well-known/did.json') {
    return Response.json(didWebDocument(identifier))
  }
  if (request.method === 'GET' && pathname === '/request') {
    return Response.json(await agent.asobaRequest({ query }))
  }
  if (request.method !== 'POST') return new Response(null, { status: 404 })
  const text = await request.text()
  if (text.length > 262_144) return new Response(null, { status: 413 })
  const body = JSON.parse(text)
  if (pathname === '/present') {
    const { state } = body
    const result = await agent.asobaVerify({ presentation: body, query, state })
    return Response.json(result, { status: result.verified ? 200 : 403 })
  }
  const claims = pathname === '/issue' ? codes.get(body.code) : undefined
  if (claims === undefined) return new Response(null, { status: 403 })
  codes.delete(body.code)
  const holders = body.holders as readonly HolderProofJson[]
  const issuing = { format: 'dc+sd-jwt', type: 'citizenship', claims: claims as never, holders }
  return Response.json(await agent.asobaIssue(issuing))
}
