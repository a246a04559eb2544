import { AsobaError, isJsonObject, type JsonObject, parseJson } from '@asoba/core'
import type { Match } from '@asoba/wallet'
import { textOf } from '../http.ts'
import { encryptJson } from '../jwe.ts'
import type { ClientSettings } from './client-settings.ts'
import type { PresentationError } from './protocol.ts'
import { isAppUri, isWebUrl } from './settings.ts'
import type { IncomingRequest, Reply, Sent } from './wallet-types.ts'

/** Who wrote the audience: only the platform may say `origin:`. */
export function audienceOf({ reply }: IncomingRequest): 'platform' | 'request' {
  return reply.kind === 'dc-api' ? 'platform' : 'request'
}

/**
 * The ways to answer that the verifier can read: `ldp_vc` is what every cryptosuite is called.
 *
 * @see OpenID4VP 1.0 appendix B.1.3.2
 */
export async function matchesFor(
  { wallet }: ClientSettings,
  incoming: IncomingRequest,
): Promise<readonly Match[]> {
  const { request, cryptosuites } = incoming
  const matches = await wallet.match(request, { audienceSetBy: audienceOf(incoming) })
  if (cryptosuites === undefined) return matches
  const formats = new Map((await wallet.list()).map(({ id, format }) => [id, format]))
  return matches.filter(({ answers }) =>
    answers.every(({ credential }) => {
      const [format, suite] = formats.get(credential)?.split('/') ?? []
      return format !== 'ldp_vc' || (suite !== undefined && cryptosuites.includes(suite))
    }),
  )
}

/** Answers in the way that the holder agreed to. @see OpenID4VP 1.0 section 8 */
export async function respond(
  settings: ClientSettings,
  incoming: IncomingRequest,
  match: Match,
  signal?: AbortSignal,
): Promise<Sent> {
  const { request, reply } = incoming
  const { vp_token: vpToken } = await settings.wallet.present(request, match, {
    audienceSetBy: audienceOf(incoming),
  })
  const state = reply.kind === 'post' && reply.state !== undefined ? { state: reply.state } : {}
  const payload = { vp_token: vpToken, ...state } as unknown as JsonObject
  // 8.3: the whole answer is the payload of a JWE.
  return reply.encryption === undefined
    ? send(settings, reply, payload, signal)
    : send(settings, reply, { response: await encryptJson(payload, reply.encryption) }, signal)
}

/** Says no. @see OpenID4VP 1.0 section 8.5 */
export async function decline(
  settings: ClientSettings,
  { reply }: Pick<IncomingRequest, 'reply'>,
  error: PresentationError,
  signal?: AbortSignal,
): Promise<Sent> {
  const state = reply.kind === 'post' && reply.state !== undefined ? { state: reply.state } : {}
  return send(settings, reply, { error, ...state }, signal)
}

async function send(
  settings: ClientSettings,
  reply: Reply,
  data: JsonObject,
  signal?: AbortSignal,
): Promise<Sent> {
  if (reply.kind === 'dc-api') return { kind: 'dc-api', protocol: reply.protocol, data }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(data)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const { status, text } = await post(settings, reply.uri, form, signal)
  if (status !== 200) throw new AsobaError('network.failed', 'the verifier did not take the answer')
  const body = text === undefined ? undefined : parseJson(text)
  const redirectTo = isJsonObject(body) ? body['redirect_uri'] : undefined
  if (isWebUrl(redirectTo, settings.insecure)) return { kind: 'posted', redirectTo }
  // 8.2: any URI. What would run, or read a file, is left out; an app is for the embedder to judge.
  return isAppUri(redirectTo) ? { kind: 'posted', redirectToApp: redirectTo } : { kind: 'posted' }
}

async function post(
  { fetch }: ClientSettings,
  uri: string,
  form: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<{ readonly status: number; readonly text: string | undefined }> {
  try {
    const response = await fetch(uri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(signal && { signal }),
    })
    return { status: response.status, text: await textOf(response, 65_536) }
  } catch {
    throw new AsobaError('network.failed', 'the verifier could not be reached')
  }
}
