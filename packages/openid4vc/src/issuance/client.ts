import {
  AsobaError,
  canonicalize,
  isJsonObject,
  type Json,
  type JsonObject,
  type PrivateJwk,
  type Refused,
} from '@asoba/core'
import type { HeldCredential } from '@asoba/wallet'
import { chooseServer, describingOnce, type GrantKind } from './client-choose-server.ts'
import { type Obtained, obtain, obtainDeferred } from './client-credential.ts'
import {
  type ConfigurationDescription,
  describeIssuer,
  type IssuerDescription,
  withServer,
} from './client-metadata.ts'
import { readIssuer, readOffer } from './client-offer.ts'
import { textsIn } from './client-server.ts'
import { keep, kept, openSession, type Session } from './client-session.ts'
import { type ClientSettings, clientSettings, malformed } from './client-settings.ts'
import { beginAuthorization, codeIn, requestTokens, type Tokens } from './client-token.ts'
import type {
  DeferredCredential,
  IncomingOffer,
  IssuanceClient,
  IssuanceClientOptions,
  OfferedCredential,
  Received,
} from './client-types.ts'
import { preAuthorizedCode } from './metadata.ts'

type Signal = AbortSignal | undefined

/**
 * The wallet's side of OpenID4VCI 1.0: reads offers, takes credentials in fresh copies into a
 * wallet, comes back for what is deferred, renews. It keeps nothing: what is needed later is
 * handed out as text, to be kept like a key.
 *
 * @throws TypeError where an option is missing or makes no sense
 * @see https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html
 */
export function createIssuanceClient(options: IssuanceClientOptions): IssuanceClient {
  const settings = clientSettings(options)
  return {
    readOffer: (link, { signal } = {}) => readOffer(settings, link, signal),
    readIssuer: (issuer, { signal } = {}) => readIssuer(settings, issuer, signal),
    accept: (offer, given) => accept(settings, offer, given),
    authorize: async (offer, { only, signal } = {}) => {
      const { authorization } = offer.grants
      if (authorization === undefined)
        throw new TypeError('the offer is not for the authorisation code flow')
      const description = await describeAgreed(settings, offer, 'authorization', signal)
      const session = await openSession(settings, description)
      const configurations = chosen(session.description, offer, only)
      const { issuerState } = authorization
      const { url, ...begun } = await beginAuthorization(settings, session, {
        configurations,
        issuerState,
        signal,
      })
      return {
        url,
        session: keep('authorization', {
          ...stateOf(session, configurations),
          ...begun,
          asksAt: [...session.description.asksAt],
        }),
      }
    },
    complete: async (text, callback, { signal } = {}) => {
      const held = kept('authorization', text)
      const session = await reopen(settings, held, signal)
      checkPlaces(session.description, textsIn(held['asksAt']))
      const code = codeIn(settings, session, callback, String(held['state']))
      const { redirectUri } = settings.options
      const form = {
        grant_type: 'authorization_code',
        code,
        code_verifier: String(held['verifier']),
        redirect_uri: redirectUri,
      }
      return receive(settings, session, configurationsIn(session, held), form, signal)
    },
    resume: (text, { signal } = {}) => resume(settings, text, signal),
    renew: async (text, { signal } = {}) => {
      const held = kept('renewal', text)
      const session = await reopen(settings, held, signal)
      const refresh = String(held['refresh'])
      const form = { grant_type: 'refresh_token', refresh_token: refresh }
      const before = { refresh, identifiers: identifiersIn(held) }
      return receive(settings, session, configurationsIn(session, held), form, signal, before)
    },
  }
}

async function accept(
  settings: ClientSettings,
  offer: IncomingOffer,
  { txCode, only, signal }: Parameters<IssuanceClient['accept']>[1],
): Promise<Received> {
  const { preAuthorized } = offer.grants
  if (preAuthorized === undefined) throw new TypeError('the offer has no pre-authorised code')
  if ((preAuthorized.txCode === undefined) !== (txCode === undefined)) {
    throw new TypeError('a transaction code is given where the offer asks for one, and only there')
  }
  const description = await describeAgreed(settings, offer, 'preAuthorized', signal)
  const session = await openSession(settings, description)
  const { server } = session.description
  if (settings.options.clientId === undefined && !server.anonymous) {
    throw new AsobaError(
      'issuance.unsupported',
      'the issuer demands to know the wallet: give a clientId',
    )
  }
  const form = {
    grant_type: preAuthorizedCode,
    'pre-authorized_code': preAuthorized.code,
    tx_code: txCode,
  }
  return receive(settings, session, chosen(session.description, offer, only), form, signal)
}

/** From a grant to what is stored. */
async function receive(
  settings: ClientSettings,
  session: Session,
  configurations: readonly ConfigurationDescription[],
  form: Readonly<Record<string, string | undefined>>,
  signal: Signal,
  before?: Pick<Tokens, 'refresh' | 'identifiers'>,
): Promise<Received> {
  const given = await requestTokens(settings, session, form, signal)
  // RFC 6749 section 6: what is not given anew stays as it was
  const identifiers = given.identifiers.size > 0 ? given.identifiers : before?.identifiers
  const refresh = given.refresh ?? before?.refresh
  const tokens = { ...given, identifiers: identifiers ?? given.identifiers }
  const credentials: HeldCredential[] = []
  const deferred: DeferredCredential[] = []
  const failed: { readonly configuration: string; readonly error: unknown }[] = []
  const wanted = configurations.flatMap((configuration) =>
    identifiersFor(configuration, tokens).map((identifier) => ({ configuration, identifier })),
  )
  for (const { configuration, identifier } of wanted) {
    try {
      if (identifier === 'none') throw malformed('the token is not for this credential')
      const obtained = await obtain(
        settings,
        session,
        { configuration, tokens, ...identifier },
        signal,
      )
      if (obtained.kind === 'stored') credentials.push(...obtained.credentials)
      else deferred.push(laterOf(session, tokens, configuration, obtained))
    } catch (error) {
      failed.push({ configuration: configuration.configuration, error })
    }
  }
  const [first] = failed
  if (first !== undefined && credentials.length + deferred.length === 0) throw first.error
  const renewal =
    refresh === undefined
      ? undefined
      : keep('renewal', {
          ...stateOf(session, configurations),
          refresh,
          identifiers: Object.fromEntries(
            [...tokens.identifiers].map(([id, texts]) => [id, [...texts]]),
          ),
        })
  return { credentials, deferred, failed, ...(renewal !== undefined && { renewal }) }
}

async function resume(settings: ClientSettings, text: string, signal: Signal): Promise<Received> {
  const held = kept('deferred', text)
  const session = await reopen(settings, held, signal)
  const [configuration] = configurationsIn(session, held)
  if (configuration === undefined) throw new TypeError('this is nothing deferred')
  const tokens: Tokens = { access: String(held['access']), identifiers: new Map() }
  const transaction = String(held['transaction'])
  const asked = { configuration, tokens, transaction }
  const obtained = await obtainDeferred(settings, session, asked, signal)
  return obtained.kind === 'stored'
    ? { credentials: obtained.credentials, deferred: [], failed: [] }
    : { credentials: [], deferred: [laterOf(session, tokens, configuration, obtained)], failed: [] }
}

function laterOf(
  session: Session,
  { access }: Tokens,
  configuration: ConfigurationDescription,
  { transaction, interval }: Extract<Obtained, { readonly kind: 'deferred' }>,
): DeferredCredential {
  const state = { ...stateOf(session, [configuration]), access, transaction }
  return { configuration: configuration.configuration, session: keep('deferred', state), interval }
}

/** What opens a conversation again. */
function stateOf(
  { description, key }: Session,
  configurations: readonly ConfigurationDescription[],
): JsonObject {
  return {
    issuer: description.issuer,
    server: description.server.issuer,
    configurations: Object.fromEntries(
      configurations.map((each) => [each.configuration, whatItIs(each)]),
    ),
    ...(key !== undefined && { key: key.privateJwk as unknown as JsonObject }),
  }
}

async function reopen(
  settings: ClientSettings,
  held: JsonObject,
  signal: Signal,
): Promise<Session> {
  const { issuer, server, key } = held
  // The server that gave the tokens, whatever else there is by now.
  const from = { grant: 'authorization', hint: server } as const
  const description = await describe(settings, String(issuer), from, signal)
  const privateJwk = isJsonObject(key) ? (key as unknown as PrivateJwk) : undefined
  const session = await openSession(settings, description, privateJwk)
  return privateJwk === undefined ? { ...session, key: undefined } : session
}

function configurationsIn(
  { description }: Session,
  { configurations }: JsonObject,
): readonly ConfigurationDescription[] {
  const agreed = isJsonObject(configurations) ? Object.entries(configurations) : []
  return agreed.map(([id, what]) => known(description, id, String(what)))
}

function identifiersIn({ identifiers }: JsonObject): Tokens['identifiers'] {
  const entries = isJsonObject(identifiers) ? Object.entries(identifiers) : []
  return new Map(entries.map(([id, texts]) => [id, textsIn(texts)]))
}

/** One request for each: by identifier where the token has some, by configuration otherwise. */
function identifiersFor(
  { configuration }: ConfigurationDescription,
  { identifiers }: Tokens,
): readonly ({ readonly identifier: string | undefined } | 'none')[] {
  if (identifiers.size === 0) return [{ identifier: undefined }]
  const own = identifiers.get(configuration) ?? []
  return own.length === 0 ? ['none'] : own.map((identifier) => ({ identifier }))
}

/** The issuer as it is now, with the server of a grant: an offer may have waited. */
async function describe(
  settings: ClientSettings,
  issuer: string,
  from: { readonly grant: GrantKind; readonly hint: Json | undefined },
  signal: Signal,
): Promise<IssuerDescription> {
  const found = await describeIssuer(settings, issuer, signal)
  if (!found.verified) throw failed(found)
  const { details } = found
  const once = describingOnce(settings, signal)
  const chosen = await chooseServer(settings, details, from, once)
  if (!chosen.verified) throw failed(chosen)
  return withServer(details, chosen.server)
}

function failed({ problems: [first] }: Refused): AsobaError {
  const code = first.code === 'offer.unavailable' ? 'network.failed' : 'issuance.malformed'
  return new AsobaError(code, first.detail)
}

/** As {@link describe}, where it asks at no place that the holder was not shown. */
async function describeAgreed(
  settings: ClientSettings,
  { issuer, grants, asksAt }: IncomingOffer,
  grant: GrantKind,
  signal: Signal,
): Promise<IssuerDescription> {
  const hint = grants[grant]?.server
  const description = await describe(settings, issuer, { grant, hint }, signal)
  checkPlaces(description, asksAt)
  return description
}

/** @throws AsobaError `issuance.malformed` */
function checkPlaces(description: IssuerDescription, agreed: readonly string[]): void {
  if (description.asksAt.some((host) => !agreed.includes(host))) {
    throw malformed('the issuer asks at other places than before: read the offer anew')
  }
}

function chosen(
  description: IssuerDescription,
  { credentials }: IncomingOffer,
  only: readonly string[] | undefined,
): readonly ConfigurationDescription[] {
  const offered = credentials.map(({ configuration }) => configuration)
  if (only?.length === 0 || only?.some((id) => !offered.includes(id))) {
    throw new TypeError('only names some of the credentials that are offered')
  }
  return credentials
    .filter(({ configuration }) => only === undefined || only.includes(configuration))
    .map((each) => known(description, each.configuration, whatItIs(each)))
}

/** A configuration as it is now, where it is what the holder was shown. */
function known(
  { configurations }: IssuerDescription,
  id: string,
  agreed: string,
): ConfigurationDescription {
  const found = configurations.get(id)
  if (found === undefined) throw malformed('the issuer describes no such credential (any more)')
  if (whatItIs(found) !== agreed) {
    throw malformed(
      'the issuer describes the credential otherwise than before: read the offer anew',
    )
  }
  return found
}

/** What must not change between what a holder is shown and what is asked for. */
function whatItIs({ format, vct, types }: OfferedCredential): string {
  return canonicalize([format, vct ?? null, types ?? null])
}
