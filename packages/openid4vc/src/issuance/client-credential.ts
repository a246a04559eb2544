import {
  AsobaError,
  type CredentialView,
  type HolderProof,
  isJsonObject,
  type JsonObject,
} from '@asoba/core'
import type { HeldCredential } from '@asoba/wallet'
import { createEncryptionKey, decryptJson, type EncryptionKey, encryptJson } from '../jwe.ts'
import { copiesIn } from './client-copies.ts'
import type { ConfigurationDescription } from './client-metadata.ts'
import { walletFormatOf } from './client-offer.ts'
import { proofsOf } from './client-proofs.ts'
import { isSuccess, postWithToken, type Session } from './client-session.ts'
import {
  type Answer,
  ask,
  type ClientSettings,
  errorIn,
  jsonOf,
  malformed,
  refusedWith,
} from './client-settings.ts'
import { nonceIn, type Tokens } from './client-token.ts'

/** Seconds that keys wait for what may come later. */
const patience = 2_592_000

/** What came of a request for one configuration. */
export type Obtained =
  | { readonly kind: 'stored'; readonly credentials: readonly HeldCredential[] }
  | { readonly kind: 'deferred'; readonly transaction: string; readonly interval: number }

/**
 * Asks for one credential, in as many copies as wallet and issuer agree on, and stores it.
 *
 * @throws AsobaError as `IssuanceClient`
 * @see OpenID4VCI 1.0 section 8
 */
export async function obtain(
  settings: ClientSettings,
  session: Session,
  asked: {
    readonly configuration: ConfigurationDescription
    readonly tokens: Tokens
    /** Of the credential, where the server gave some for the configuration. */
    readonly identifier: string | undefined
  },
  signal: AbortSignal | undefined,
): Promise<Obtained> {
  const { configuration, tokens, identifier } = asked
  const { description } = session
  const holders = await holdersFor(settings, session, configuration)
  const send = async (): Promise<Answered> => {
    const nonce = await freshNonce(settings, session, signal)
    const { clientId } = settings.options
    const context = { issuer: description.issuer, configuration, nonce, clientId }
    const proofs = holders.length === 0 ? undefined : await proofsOf(settings, holders, context)
    const body = { ...named(configuration, identifier), ...(proofs && { proofs }) }
    return exchange(settings, session, description.credential, { body, tokens, signal })
  }
  let answered = await send()
  // 8.3.1.2: a nonce may have ended on the way; once more with another
  if (answered.error === 'invalid_nonce') answered = await send()
  return take(settings, session, answered, { ...asked, holders, signal })
}

/**
 * Comes back for what was deferred.
 *
 * @throws AsobaError as `IssuanceClient`
 * @see OpenID4VCI 1.0 section 9
 */
export async function obtainDeferred(
  settings: ClientSettings,
  session: Session,
  asked: {
    readonly configuration: ConfigurationDescription
    readonly tokens: Tokens
    readonly transaction: string
  },
  signal: AbortSignal | undefined,
): Promise<Obtained> {
  const { deferred } = session.description
  if (deferred.address === undefined) throw new AsobaError('issuance.unsupported', deferred.why)
  const { tokens, transaction } = asked
  const body = { transaction_id: transaction }
  const answered = await exchange(settings, session, deferred.address, { body, tokens, signal })
  return take(settings, session, answered, { ...asked, holders: 'before', signal })
}

async function holdersFor(
  settings: ClientSettings,
  { description }: Session,
  configuration: ConfigurationDescription,
): Promise<readonly HolderProof[]> {
  const format = walletFormatOf(settings, configuration)
  if (format === undefined)
    throw new AsobaError('issuance.unsupported', 'the wallet has no such format')
  if (Object.keys(configuration.proofTypes).length === 0) return []
  const count = Math.min(settings.copies, description.batchSize)
  const later = description.deferred.address === undefined ? {} : { lifetime: patience }
  return settings.options.wallet.prepare({ ...format, count, ...later })
}

/** @see OpenID4VCI 1.0 section 7 */
async function freshNonce(
  settings: ClientSettings,
  { description, nonces }: Session,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { nonce } = description
  if (nonce === undefined) return undefined
  const answer = await ask(settings, nonce, { method: 'POST', body: '', signal })
  if (!isSuccess(answer)) throw refusedWith(errorIn(answer))
  const dpop = answer.headers.get('dpop-nonce')
  if (dpop !== null && dpop.length <= 4096) nonces.set(new URL(nonce).origin, dpop)
  return nonceIn(answer)
}

function named(
  { configuration }: ConfigurationDescription,
  identifier: string | undefined,
): JsonObject {
  return identifier === undefined
    ? { credential_configuration_id: configuration }
    : { credential_identifier: identifier }
}

interface Answered {
  readonly body: JsonObject | undefined
  readonly status: number
  readonly error: string | undefined
}

/** There and back, encrypted where the issuer can. */
async function exchange(
  settings: ClientSettings,
  session: Session,
  address: string,
  request: {
    readonly body: JsonObject
    readonly tokens: Tokens
    readonly signal: AbortSignal | undefined
  },
): Promise<Answered> {
  const { body, tokens, signal } = request
  const { encryption } = session.description
  const key = encryption && (await createEncryptionKey())
  const content =
    encryption === undefined || key === undefined
      ? { type: 'application/json', body: JSON.stringify(body) }
      : {
          type: 'application/jwt',
          body: await encryptJson(
            {
              ...body,
              credential_response_encryption: {
                jwk: key.publicJwk as unknown as JsonObject,
                enc: encryption.responseEnc,
              },
            },
            { publicJwk: encryption.requestKey, enc: encryption.requestEnc },
          ),
        }
  const answer = await postWithToken(
    settings,
    session,
    address,
    { ...content, token: tokens.access },
    signal,
  )
  const { status } = answer
  if (!isSuccess(answer))
    return { status, body: undefined, error: errorIn(answer) ?? challengeIn(answer) ?? 'unknown' }
  return { status, body: await opened(answer, key), error: undefined }
}

/** Errors of a resource server stand in a header. @see RFC 6750 section 3 */
function challengeIn({ headers }: Answer): string | undefined {
  return /error="([a-z_]{1,40})"/.exec(headers.get('www-authenticate') ?? '')?.[1]
}

async function opened(
  answer: Answer,
  key: EncryptionKey | undefined,
): Promise<JsonObject | undefined> {
  if (key === undefined) return jsonOf(answer)
  if (answer.type !== 'application/jwt')
    throw malformed('the answer is not encrypted, as it should be')
  const value = await decryptJson(answer.text, key.privateJwk, { maxLength: 4_194_304 })
  return isJsonObject(value) ? value : undefined
}

async function take(
  settings: ClientSettings,
  session: Session,
  { body, status, error }: Answered,
  asked: {
    readonly configuration: ConfigurationDescription
    readonly tokens: Tokens
    readonly holders: readonly HolderProof[] | 'before'
    readonly signal: AbortSignal | undefined
  },
): Promise<Obtained> {
  if (error !== undefined) throw refusedWith(error)
  if (body === undefined) throw malformed('the answer is no JSON')
  const { transaction_id: transaction, interval, credentials, notification_id: notification } = body
  if (status === 202) {
    if (typeof transaction !== 'string' || transaction === '' || transaction.length > 65_536) {
      throw malformed('the answer has no transaction')
    }
    const seconds = typeof interval === 'number' && interval > 0 ? interval : 5
    return { kind: 'deferred', transaction, interval: Math.min(seconds, patience) }
  }
  const tell = async (event: string): Promise<void> => {
    if (typeof notification === 'string') {
      await notify(settings, session, asked, { notification_id: notification, event })
    }
  }
  try {
    const { configuration, holders } = asked
    const copies = copiesIn(credentials, holders === 'before' ? 100 : Math.max(1, holders.length))
    const format = walletFormatOf(settings, configuration)?.format
    const from = { issuer: session.description.issuer, configuration: configuration.configuration }
    const stored = await settings.options.wallet.receive(copies, {
      copiesOfOne: true,
      expected: (view, id) =>
        id === format &&
        isOfType(view, configuration) &&
        settings.options.accepts?.(view, from) !== false,
    })
    await tell('credential_accepted')
    return { kind: 'stored', credentials: stored }
  } catch (failure) {
    await tell('credential_failure')
    throw failure
  }
}

function isOfType(view: CredentialView, { vct, types }: ConfigurationDescription): boolean {
  if (vct !== undefined) return view.vcts.includes(vct)
  return types?.every((each) => view.types.includes(each)) === true
}

/** @see OpenID4VCI 1.0 section 11 */
async function notify(
  settings: ClientSettings,
  session: Session,
  { tokens, signal }: { readonly tokens: Tokens; readonly signal: AbortSignal | undefined },
  event: JsonObject,
): Promise<void> {
  const { address } = session.description.notification
  if (settings.options.notify !== true || address === undefined) return
  const content = { type: 'application/json', body: JSON.stringify(event), token: tokens.access }
  // What the issuer does not hear changes nothing of what is stored.
  await postWithToken(settings, session, address, content, signal).catch(() => undefined)
}
