import type { Check, Json, JsonObject, Verified } from '@asoba/core'
import { isJsonObject, problem } from '@asoba/core'
import type { DidResolver } from '@asoba/did'
import { httpProblem, json, refusal } from './answer.ts'
import { derive } from './derive.ts'
import { type IssueServices, issue } from './issue.ts'
import type { Issuing } from './issuers.ts'
import { type Address, type JudgeServices, judgeCredential, judgeProofs } from './judge.ts'
import { judgePresentation } from './presentation.ts'
import { type Holder, prove } from './prove.ts'
import { resolve } from './resolve.ts'
import type { Route } from './router.ts'
import { entryIn, type Purpose } from './status-lists.ts'

/** All that the routes need. */
export interface Services extends IssueServices, JudgeServices {
  /** Address under which the server is reached, without a slash at its end. */
  readonly base: string
  readonly issuers: ReadonlyMap<string, Issuing>
  readonly resolver: DidResolver
  readonly holder: Holder
}

/** Every address that the server answers. */
export function routesOf(services: Services): readonly Route[] {
  const { issuers, suites, status, resolver, holder, jsonLd } = services
  return [
    { method: 'GET', path: '/', handle: () => json(directoryOf(services)) },
    {
      method: 'POST',
      path: '/issuers/{name}/credentials/issue',
      handle: ({ parameters, body }) => {
        const issuing = issuers.get(parameters['name'] ?? '')
        return issuing === undefined
          ? httpProblem(404, 'there is no such issuer')
          : issue(issuing, body, services)
      },
    },
    {
      method: 'POST',
      path: '/credentials/verify',
      handle: async ({ body }) =>
        judgement(await judgeCredential(body['verifiableCredential'], addressIn(body), services)),
    },
    {
      method: 'POST',
      path: '/proofs/verify',
      handle: async ({ body }) =>
        judgement(await judgeProofs(body['verifiableCredential'], addressIn(body), services)),
    },
    {
      method: 'POST',
      path: '/presentations/verify',
      handle: async ({ body }) => {
        const { domain, challenge } = addressIn(body)
        if (domain === undefined || challenge === undefined) {
          const detail = 'for whom a presentation is made and what it answers have to be said'
          return refusal([problem('input.malformed', detail, '/options')])
        }
        const value = body['verifiablePresentation']
        return judgement(await judgePresentation(value, { domain, challenge }, services))
      },
    },
    {
      method: 'POST',
      path: '/presentations/prove',
      handle: ({ body }) => prove(body, holder, jsonLd),
    },
    { method: 'POST', path: '/credentials/derive', handle: ({ body }) => derive(body, suites) },
    {
      method: 'POST',
      path: '/credentials/status',
      handle: async ({ body }) => {
        const entry = entryIn(body)
        const set = body['status'] ?? true
        const done = entry && typeof set === 'boolean' && (await status.set(entry, set))
        const detail = 'the status is no entry of this server, or stays as it is'
        return done
          ? json({})
          : refusal([problem('status.invalid-entry', detail, '/credentialStatus')])
      },
    },
    {
      method: 'GET',
      path: '/status-lists/{purpose}',
      handle: async ({ parameters, accept }) => {
        const purpose = parameters['purpose'] as Purpose
        if (purpose !== 'revocation' && purpose !== 'suspension') {
          return httpProblem(404, 'there is no such list')
        }
        const { body, headers, mediaType } = await status.published(purpose)
        const named = accept.includes(mediaType) || !accept.includes('application/json')
        return new Response(body, {
          headers: { ...headers, ...(!named && { 'content-type': 'application/json' }) },
        })
      },
    },
    {
      method: 'GET',
      path: '/1.0/identifiers/{did}',
      handle: ({ parameters, query, accept }) =>
        resolve({ identifier: parameters['did'] ?? '', query, accept }, resolver),
    },
  ]
}

/** What there is, for people and for scripts that point a conformance suite at it. */
function directoryOf({ base, issuers, status, holder }: Services): Json {
  return {
    issuers: [...issuers.values()].map(({ name, securing, keyType, issuer }) => ({
      name,
      securing,
      keyType,
      id: issuer,
      endpoint: `${base}/issuers/${name}/credentials/issue`,
    })),
    credentialVerifier: `${base}/credentials/verify`,
    proofVerifier: `${base}/proofs/verify`,
    presentationVerifier: `${base}/presentations/verify`,
    holder: `${base}/credentials/derive`,
    presenter: { id: holder.id, endpoint: `${base}/presentations/prove` },
    status: `${base}/credentials/status`,
    statusLists: { issuer: status.issuer, revocation: `${base}/status-lists/revocation` },
    didResolver: `${base}/1.0/identifiers`,
  }
}

function addressIn({ options }: JsonObject): Address {
  const { domain, challenge } = isJsonObject(options) ? options : {}
  return { domain: textOf(domain), challenge: textOf(challenge) }
}

/** What is there and no text fits nothing. */
function textOf(value: Json | undefined): string | undefined {
  return value === undefined || value === null || typeof value === 'string'
    ? (value ?? undefined)
    : ''
}

function judgement(
  judged: Verified<{ readonly holder?: string; readonly controllers?: readonly string[] }>,
): Response {
  if (!judged.verified) return refusal(judged.problems)
  const { holder, controllers } = judged
  const checks: readonly Check[] = judged.checks
  return json({
    verified: true,
    checks,
    ...(holder !== undefined && { holder }),
    ...(controllers !== undefined && { controllers }),
    warnings: [],
    errors: [],
  })
}
