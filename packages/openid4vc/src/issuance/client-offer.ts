import {
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  type Refused,
  type Verified,
} from '@asoba/core'
import { withoutNulls } from '../http.ts'
import { chooseServer, describingOnce } from './client-choose-server.ts'
import { describeIssuer, type IssuerDetails, withServer } from './client-metadata.ts'
import { bad } from './client-server.ts'
import { ask, type ClientSettings, isEndpoint, jsonOf } from './client-settings.ts'
import type { IncomingOffer, OfferedCredential, TxCodeWish, WalletFormat } from './client-types.ts'
import { preAuthorizedCode } from './metadata.ts'

const maxLink = 65_536

/** Reads an offer and its issuer. Never throws. @see OpenID4VCI 1.0 section 4.1 */
export async function readOffer(
  settings: ClientSettings,
  link: string,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly offer: IncomingOffer }>> {
  try {
    const opened = await openLink(settings, link, signal)
    return opened.verified
      ? await judgeOffer(settings, withoutNulls(opened.document), signal)
      : opened
  } catch {
    return bad('offer.malformed', 'the offer cannot be read')
  }
}

/** What an issuer gives to those who come by themselves. Never throws. */
export async function readIssuer(
  settings: ClientSettings,
  issuer: string,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly offer: IncomingOffer }>> {
  try {
    const found = await describeIssuer(settings, issuer, signal)
    if (!found.verified) return found
    const all = [...found.details.configurations.keys()]
    const asked = { authorization: { kept: {}, hint: undefined } }
    return await offerOf(settings, found.details, { ids: all, asked, signal })
  } catch {
    return bad('offer.malformed', 'the issuer cannot be read')
  }
}

async function openLink(
  settings: ClientSettings,
  link: string,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly document: JsonObject }>> {
  const start = typeof link === 'string' && link.length <= maxLink ? link.indexOf('?') : -1
  const parameters = new URLSearchParams(start < 0 ? '' : link.slice(start + 1))
  const values = parameters.getAll('credential_offer')
  const uris = parameters.getAll('credential_offer_uri')
  // 4.1: one of the two, once
  if (start < 0 || values.length + uris.length !== 1) {
    return bad('offer.malformed', 'the link is no credential offer')
  }
  const [uri] = uris
  const [value = ''] = values
  const document =
    uri === undefined
      ? parseJson(value, { maxLength: maxLink })
      : await fetchOffer(settings, uri, signal)
  if (document === 'unavailable') return bad('offer.unavailable', 'the offer cannot be fetched')
  return isJsonObject(document)
    ? { verified: true, checks: [], document }
    : bad('offer.malformed', 'the offer is no JSON object')
}

async function fetchOffer(
  settings: ClientSettings,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<Json | undefined> {
  if (!isEndpoint(settings, uri)) return undefined
  const init = { headers: { accept: 'application/json' }, signal }
  const answer = await ask(settings, uri, init).catch(() => undefined)
  return answer?.status === 200 ? jsonOf(answer) : 'unavailable'
}

async function judgeOffer(
  settings: ClientSettings,
  document: JsonObject,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly offer: IncomingOffer }>> {
  const { credential_issuer: issuer, credential_configuration_ids: ids, grants = {} } = document
  const named = Array.isArray(ids) ? (ids as readonly Json[]) : []
  if (named.length === 0 || !named.every((id) => typeof id === 'string')) {
    return bad('offer.malformed', 'the offer names no credentials (credential_configuration_ids)')
  }
  if (new Set(named).size < named.length) {
    return bad('offer.malformed', 'the offer names a credential twice')
  }
  if (!isJsonObject(grants)) return bad('offer.malformed', 'grants of the offer is no object')
  const { [preAuthorizedCode]: pre, authorization_code: authorization } = grants
  const code = isJsonObject(pre) ? pre['pre-authorized_code'] : undefined
  if (pre !== undefined && (typeof code !== 'string' || code === '')) {
    return bad('offer.malformed', 'the offer has no pre-authorised code')
  }
  const txCode = isJsonObject(pre) ? txCodeIn(pre['tx_code']) : undefined
  if (txCode === 'malformed') return bad('offer.malformed', 'tx_code is malformed')
  const found = await describeIssuer(settings, issuer, signal)
  if (!found.verified) return found
  // 4.1.1: a hint is of its grant alone. Without grants the server's metadata say what there is.
  const byBrowser = isJsonObject(authorization) ? authorization : pre === undefined ? {} : undefined
  const state = byBrowser?.['issuer_state']
  const asked: Asked = {
    ...(typeof code === 'string' && {
      preAuthorized: {
        kept: { code, ...(txCode && { txCode }) },
        hint: isJsonObject(pre) ? pre['authorization_server'] : undefined,
      },
    }),
    ...(byBrowser && {
      authorization: {
        kept: typeof state === 'string' ? { issuerState: state } : {},
        hint: byBrowser['authorization_server'],
      },
    }),
  }
  return offerOf(settings, found.details, { ids: named as readonly string[], asked, signal })
}

function txCodeIn(value: Json | undefined): TxCodeWish | 'malformed' | undefined {
  if (value === undefined) return undefined
  if (!isJsonObject(value)) return 'malformed'
  const { input_mode: mode = 'numeric', length, description } = value
  if (mode !== 'numeric' && mode !== 'text') return 'malformed'
  if (
    length !== undefined &&
    !(typeof length === 'number' && Number.isInteger(length) && length > 0)
  ) {
    return 'malformed'
  }
  if (description !== undefined && (typeof description !== 'string' || description.length > 300)) {
    return 'malformed'
  }
  return {
    inputMode: mode,
    ...(length !== undefined && { length }),
    ...(description !== undefined && { description }),
  }
}

/** The grants of an offer, each with the server that it names. */
interface Asked {
  readonly preAuthorized?: {
    readonly kept: Omit<NonNullable<IncomingOffer['grants']['preAuthorized']>, 'server'>
    readonly hint: Json | undefined
  }
  readonly authorization?: {
    readonly kept: Omit<NonNullable<IncomingOffer['grants']['authorization']>, 'server'>
    readonly hint: Json | undefined
  }
}

async function offerOf(
  settings: ClientSettings,
  details: IssuerDetails,
  offered: {
    readonly ids: readonly string[]
    readonly asked: Asked
    readonly signal: AbortSignal | undefined
  },
): Promise<Verified<{ readonly offer: IncomingOffer }>> {
  const { ids, asked, signal } = offered
  const { issuer, display, configurations } = details
  const credentials: OfferedCredential[] = []
  for (const id of ids) {
    const configuration = configurations.get(id)
    if (configuration === undefined) {
      return bad('offer.metadata-invalid', 'the issuer does not describe what it offers')
    }
    const { scope: _scope, proofTypes: _types, bindings: _bindings, ...one } = configuration
    if (walletFormatOf(settings, one) !== undefined) credentials.push(one)
  }
  if (credentials.length === 0) {
    return bad('offer.unsupported', 'the wallet can hold none of the credentials')
  }
  const describe = describingOnce(settings, signal)
  const [pre, byBrowser] = await Promise.all(
    (['preAuthorized', 'authorization'] as const).map(async (grant) => {
      const { hint } = asked[grant] ?? {}
      return asked[grant] && chooseServer(settings, details, { grant, hint }, describe)
    }),
  )
  const servers = [pre, byBrowser].flatMap((each) => (each?.verified ? [each.server] : []))
  // One grant that cannot be had leaves the other.
  if (servers.length === 0) return failureOf(pre) ?? failureOf(byBrowser) ?? noServer()
  const asksAt = new Set(servers.flatMap((server) => withServer(details, server).asksAt))
  const grants: IncomingOffer['grants'] = {
    ...(asked.preAuthorized &&
      pre?.verified && {
        preAuthorized: { ...asked.preAuthorized.kept, server: pre.server.issuer },
      }),
    ...(asked.authorization &&
      byBrowser?.verified && {
        authorization: { ...asked.authorization.kept, server: byBrowser.server.issuer },
      }),
  }
  const offer = { issuer, asksAt: [...asksAt].sort(), display, credentials, grants }
  return { verified: true, checks: [], offer }
}

function failureOf(
  chosen: Awaited<ReturnType<typeof chooseServer>> | undefined,
): Refused | undefined {
  return chosen?.verified === false ? chosen : undefined
}

function noServer(): Refused {
  return bad('offer.metadata-invalid', 'there is no authorisation server in the metadata')
}

const suites: readonly string[] = [
  'eddsa-jcs-2022',
  'eddsa-rdfc-2022',
  'ecdsa-jcs-2019',
  'ecdsa-rdfc-2019',
  'ecdsa-sd-2023',
  'bbs-2023',
]
const byIdentifier: readonly string[] = ['dc+sd-jwt', 'jwt_vc_json', 'vc+jwt', 'vc+sd-jwt']

/** The wallet's format for a credential; `undefined` where it has none. */
export function walletFormatOf(
  { options, haip }: ClientSettings,
  offered: OfferedCredential,
): WalletFormat | undefined {
  if (haip && offered.format !== 'dc+sd-jwt') return undefined
  if (options.formatOf !== undefined) return options.formatOf(offered)
  if (byIdentifier.includes(offered.format)) return { format: offered.format }
  const suite = suites.find((each) => offered.signedWith.includes(each))
  return offered.format === 'ldp_vc' && suite !== undefined
    ? { format: `ldp_vc/${suite}` }
    : undefined
}
