import { isJsonObject, type JsonObject, parseJson, utf8 } from '@asoba/core'
import type { Collected } from '@asoba/openid4vc/verifier'
import type { QueryInput } from '@asoba/verifier'
import { codeOf } from 'example-kit/log'
import { json } from 'example-kit/page'
import type { Route } from 'example-kit/router'
import type { ServiceParts } from 'example-kit/service'
import { apiPath, type Judging } from './judging.ts'
import type { Question } from './questions.ts'
import { isSecret } from './secret.ts'
import type { Settings } from './settings.ts'
import type { Webhook } from './webhook.ts'

/** The same as the pages do, for programs: begin, be told, collect. */
export function apiRoutes(options: {
  readonly parts: ServiceParts
  readonly settings: Settings
  readonly judging: Judging
  readonly questions: readonly Question[]
  readonly webhook: Webhook | undefined
}): readonly Route[] {
  const { parts, settings, judging, questions, webhook } = options

  const guarded =
    (handle: (body: JsonObject) => Promise<Response>) =>
    async (request: Request): Promise<Response> => {
      const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
      if (!isSecret(token, settings.apiToken)) {
        return json({ error: 'unauthorized' }, 401, { 'www-authenticate': 'Bearer' })
      }
      // As much as the platform hands over of an answer.
      const body = parseJson(utf8(await request.text()), { maxLength: 2_097_152 })
      return isJsonObject(body) ? handle(body) : json({ error: 'send a JSON object' }, 400)
    }

  return [
    {
      method: 'POST',
      path: '/api/presentations',
      handle: guarded(async (body) => {
        const { question: name, query: own, flow = 'cross-device' } = body
        const query =
          own === undefined
            ? questions.find(({ id }) => id === name)?.query
            : (own as never as QueryInput)
        if (query === undefined) return json({ error: 'name a question, or send a query' }, 400)
        if (flow !== 'cross-device' && flow !== 'same-device' && flow !== 'dc-api') {
          return json({ error: 'flow is cross-device, same-device or dc-api' }, 400)
        }
        const from = settings.appOrigins.find((each) => each === body['origin'])
        if (flow === 'dc-api' && from === undefined) {
          return json({ error: 'origin is not one of APP_ORIGINS' }, 400)
        }
        if (flow === 'cross-device' && settings.haip) {
          return json({ error: 'flow is same-device under HAIP, where cross-device is off' }, 400)
        }
        if (flow === 'same-device' && settings.apiReturnTo === undefined) {
          return json({ error: 'API_RETURN_TO is not set' }, 400)
        }
        try {
          const server = await judging.api()
          if (flow === 'dc-api' && from !== undefined) {
            const { request, transaction, expires } = await server.begin({
              query,
              flow,
              origin: from,
            })
            return json({ request, transaction, expires: expires.toISOString() }, 201)
          }
          const begun = await server.begin({ query, flow: flow as 'same-device' | 'cross-device' })
          const { link, transaction, expires, warning } = begun
          return json(
            { id: idIn(link), link, transaction, expires: expires.toISOString(), warning },
            201,
          )
        } catch (error) {
          if (codeOf(error) !== 'query.invalid' && !(error instanceof TypeError)) throw error
          return json({ error: 'the query is not one that this verifier can ask' }, 400)
        }
      }),
    },
    {
      method: 'POST',
      path: '/api/presentations/collect',
      handle: guarded(async ({ transaction, response_code: code, response }) => {
        if (typeof transaction !== 'string') return json({ error: 'send the transaction' }, 400)
        const collected = await (await judging.api()).collect({
          transaction,
          ...(typeof code === 'string' && { responseCode: code }),
          ...(isJsonObject(response) && { response }),
        })
        if (collected.status === 'answered') {
          parts.telemetry.count('presentations.judged', { outcome: outcomeOf(collected) })
        }
        return json(publicPart(collected))
      }),
    },
    {
      method: '*',
      path: `${apiPath}/*`,
      handle: async (request) => {
        const response = await (await judging.api()).handle(request)
        const id = /\/response\/([\w-]+)$/.exec(new URL(request.url).pathname)?.[1]
        if (id !== undefined && request.method === 'POST' && response.ok) webhook?.(id)
        return response
      },
    },
  ]
}

/** For a metric: one of two words. */
export function outcomeOf(collected: Collected & { readonly status: 'answered' }): string {
  return collected.result.verified ? 'accepted' : 'refused'
}

/** What the partner is told; `credentials` hold what marks a copy, and stay here. */
function publicPart(collected: Collected): unknown {
  if (collected.status === 'declined') return { status: 'declined', error: collected.error }
  if (collected.status !== 'answered') return { status: collected.status }
  const { result } = collected
  return result.verified
    ? { status: 'answered', verified: true, claims: result.claims, checks: result.checks }
    : { status: 'answered', verified: false, problems: result.problems, checks: result.checks }
}

/** The id of the request, which the webhook names. */
function idIn(link: string): string | undefined {
  const query = new URL(link).searchParams
  const uri = query.get('request_uri') ?? query.get('response_uri')
  return uri === null ? undefined : /\/([\w-]+)$/.exec(uri)?.[1]
}
