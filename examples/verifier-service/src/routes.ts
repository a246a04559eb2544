import { isJsonObject, parseJson, utf8 } from '@asoba/core'
import type { Collected } from '@asoba/openid4vc/verifier'
import { asset, cookie, cookieOf, formOf, json, seeOther } from 'example-kit/page'
import type { Route } from 'example-kit/router'
import type { ServiceParts } from 'example-kit/service'
import { didDocument, didWebOf, type ServiceKeys } from 'example-kit/service-keys'
import { style } from 'example-kit/style'
import { outcomeOf } from './api.ts'
import { type Judging, pagesPath } from './judging.ts'
import { askPage, choosePage, noResultPage, pendingPage, resultPage, trustPage } from './pages.ts'
import type { Question } from './questions.ts'
import { dcApiScript, waitScript } from './scripts.ts'
import { isSecret } from './secret.ts'
import type { Settings } from './settings.ts'
import type { Trust } from './trust.ts'

/** What people see, and what wallets ask for. */
export function pageRoutes(options: {
  readonly parts: ServiceParts
  readonly settings: Settings
  readonly judging: Judging
  readonly trust: Trust
  readonly keys: ServiceKeys
  readonly questions: readonly Question[]
}): readonly Route[] {
  const { parts, settings, judging, trust, keys, questions } = options
  const { origin, telemetry } = parts
  const crossDevice = !settings.haip
  const cookieName = origin.startsWith('https:') ? '__Host-presentation' : 'presentation'
  const remember = (question: string, transaction: string): string =>
    cookie(cookieName, `${question}.${transaction}`, { origin, maxAge: 900, sameSite: 'Lax' })
  const forget = cookie(cookieName, '', { origin, maxAge: 0, sameSite: 'Lax' })

  /** What the browser session holds: which question, and the sealed transaction. */
  const held = (request: Request): { question: Question | undefined; transaction: string } => {
    const value = cookieOf(request, cookieName) ?? ''
    const at = value.indexOf('.')
    return {
      question: questions.find(({ id }) => id === value.slice(0, at)),
      transaction: value.slice(at + 1),
    }
  }
  const show = (
    request: Request,
    question: Question | undefined,
    collected: Collected,
  ): Response => {
    if (collected.status === 'pending') return pendingPage(request)
    if (collected.status !== 'answered') {
      const cookies = collected.status === 'other-session' ? [] : [forget]
      return noResultPage(request, collected.status, cookies)
    }
    telemetry.count('presentations.judged', { outcome: outcomeOf(collected) })
    return resultPage(request, { question, result: collected.result, cookies: [forget] })
  }
  const collect = async (request: Request, responseCode?: string): Promise<Response> => {
    const { question, transaction } = held(request)
    const collected = await (await judging.pages()).collect({
      transaction,
      ...(responseCode !== undefined && { responseCode }),
    })
    return show(request, question, collected)
  }

  const trusting = async (
    request: Request,
    outcome?: Parameters<typeof trustPage>[1]['outcome'],
  ): Promise<Response> =>
    trustPage(request, {
      trusted: trust.trusted,
      list: await trust.list(),
      canChange: settings.adminToken !== undefined && settings.publisher !== undefined,
      offline: settings.offline,
      ...(outcome !== undefined && { outcome }),
    })

  return [
    {
      method: 'GET',
      path: '/',
      handle: (request) => choosePage(request, { questions, crossDevice }),
    },
    {
      method: 'POST',
      path: '/ask',
      handle: async (request) => {
        const form = await formOf(request, origin)
        const question = questions.find(({ id }) => id === form?.get('question'))
        const flow = form?.get('flow')
        if (question === undefined) return seeOther('/')
        const server = await judging.pages()
        if (flow === 'dc-api') {
          const begun = await server.begin({ query: question.query, flow })
          const headers = { 'set-cookie': remember(question.id, begun.transaction) }
          return json({ request: begun.request }, 200, headers)
        }
        if (flow !== 'same-device' && !(flow === 'cross-device' && crossDevice))
          return seeOther('/')
        const { link, transaction } = await server.begin({ query: question.query, flow })
        return askPage(request, {
          question,
          flow,
          link,
          cookies: [remember(question.id, transaction)],
        })
      },
    },
    { method: 'GET', path: '/result', handle: (request) => collect(request) },
    {
      method: 'GET',
      path: '/return',
      handle: (request, { url }) => collect(request, url.searchParams.get('response_code') ?? ''),
    },
    {
      method: 'POST',
      path: '/dc-api',
      handle: async (request) => {
        const { question, transaction } = held(request)
        const response = parseJson(utf8(await request.text()), { maxLength: 2_097_152 })
        if (request.headers.get('origin') !== origin || !isJsonObject(response)) {
          return json({ error: 'bad_request' }, 400)
        }
        return show(
          request,
          question,
          await (await judging.pages()).collect({ transaction, response }),
        )
      },
    },
    { method: 'GET', path: '/trust', handle: (request) => trusting(request) },
    {
      method: 'POST',
      path: '/trust',
      handle: async (request) => {
        const form = await formOf(request, origin)
        if (!isSecret(form?.get('token'), settings.adminToken))
          return trusting(request, 'forbidden')
        return trusting(request, await trust.take(form?.get('list') ?? ''))
      },
    },
    {
      method: '*',
      path: `${pagesPath}/*`,
      handle: async (request) => (await judging.pages()).handle(request),
    },
    {
      method: 'GET',
      path: '/.well-known/did.json',
      handle: async () =>
        json(didDocument(didWebOf(origin), await keys.all()), 200, {
          'access-control-allow-origin': '*',
          'cache-control': 'public, max-age=60',
        }),
    },
    {
      method: 'GET',
      path: '/assets/style.css',
      handle: () => asset(style, 'text/css; charset=utf-8'),
    },
    { method: 'GET', path: '/assets/wait.js', handle: () => asset(waitScript, 'text/javascript') },
    {
      method: 'GET',
      path: '/assets/dc-api.js',
      handle: () => asset(dcApiScript, 'text/javascript'),
    },
  ]
}
