import { AsobaError, isJsonObject, type Json, type JsonObject, toBase64url } from '@asoba/core'
import { parseJws } from '@asoba/jwt'
import { mediaTypeOf } from '../http.ts'
import { accessLifetime, accessOf, type Grant } from './access.ts'
import { answer, json, Refusal } from './answers.ts'
import { objectIn, readText } from './body.ts'
import { dpopNonce } from './dpop.ts'
import { type Respond, readCredentialRequest } from './encryption.ts'
import { paths } from './metadata.ts'
import { holderJson, holderOf, invalid, readHolders } from './proofs.ts'
import { countedUse, nonceLifetime, randomText, sealFor, unsealFor } from './sealed.ts'
import type { Configuration, Settings } from './settings.ts'
import type { IssuedCopy, IssueRequest, NotificationEvent } from './types.ts'

/** How often a wallet may ask for one configuration by one grant: a broken connection costs nobody a credential. */
const issuances = 5
/** Seconds until a wallet should come back for what is deferred. */
const interval = 60

/** A nonce for proofs. @see OpenID4VCI 1.0 section 7 */
export async function nonceEndpoint(settings: Settings): Promise<Response> {
  const value = { random: randomText().slice(0, 22) }
  const body = { c_nonce: await sealFor(settings, 'nonce', value, nonceLifetime) }
  return json(body, { headers: { 'dpop-nonce': await dpopNonce(settings) } })
}

/** The credential endpoint. @see OpenID4VCI 1.0 section 8 */
export async function credentialEndpoint(settings: Settings, request: Request): Promise<Response> {
  const grant = await accessOf(settings, request, paths.credential, { afterwards: false })
  const { body, respond } = await readCredentialRequest(settings, request)
  checkNoDraft(body)
  const configuration = chosenIn(settings, grant, body)
  const holders = await readHolders(settings, { configuration, grant, proofs: body['proofs'] })
  const use = `${grant.id}|${configuration.id}`
  // The token asks for nothing new after its own time; twice that, should clocks of replicas differ.
  const seconds = 2 * accessLifetime
  if (!(await countedUse(settings, 'access', use, { times: issuances, seconds }))) {
    throw denied()
  }
  const asked: IssueRequest = {
    configuration: configuration.id,
    subject: grant.subject,
    holders,
    renewal: grant.renewal === true,
    deferred: false,
  }
  return issued(settings, asked, respond, async () =>
    sealFor(
      settings,
      'deferred',
      {
        grant: grant.id,
        configuration: configuration.id,
        subject: grant.subject,
        holders: holders.map((each) => holderJson(each, toBase64url)),
        renewal: asked.renewal,
      },
      settings.deferredLifetime,
    ),
  )
}

/** Drafts before 1.0 had one proof, and named a credential by its format. */
function checkNoDraft(body: JsonObject): void {
  const draft = (what: string): Refusal =>
    new Refusal(
      'invalid_credential_request',
      `${what} is of a draft: see OpenID4VCI 1.0 section 8.2`,
    )
  if (body['proofs'] === undefined && body['proof'] !== undefined) {
    throw draft('proof instead of proofs')
  }
  const unnamed = ['credential_configuration_id', 'credential_identifier'].every(
    (name) => body[name] === undefined,
  )
  if (unnamed && body['format'] !== undefined) {
    throw draft('format instead of credential_configuration_id')
  }
}

/** @see OpenID4VCI 1.0 section 8.2 */
function chosenIn(settings: Settings, grant: Grant, body: JsonObject): Configuration {
  const { credential_configuration_id: byId, credential_identifier: byIdentifier } = body
  const given = grant.identifiers ? byIdentifier : byId
  if (typeof given !== 'string' || (byId !== undefined && byIdentifier !== undefined)) {
    throw new Refusal(
      'invalid_credential_request',
      grant.identifiers
        ? 'name the credential by credential_identifier alone'
        : 'name the credential by credential_configuration_id alone',
    )
  }
  const configuration = settings.configurations.get(given)
  if (configuration === undefined || !grant.configurations.includes(given)) {
    throw grant.identifiers
      ? new Refusal('unknown_credential_identifier', 'the token has no such identifier')
      : new Refusal(
          'unknown_credential_configuration',
          'not in the metadata, or not allowed by the token',
        )
  }
  return configuration
}

/** The deferred credential endpoint. @see OpenID4VCI 1.0 section 9 */
export async function deferredEndpoint(settings: Settings, request: Request): Promise<Response> {
  const grant = await accessOf(settings, request, paths.deferred, { afterwards: true })
  const { body, respond } = await readCredentialRequest(settings, request)
  const id = body['transaction_id']
  const held = await unsealFor(settings, 'deferred', id)
  const unknown = new Refusal('invalid_transaction_id', 'the transaction is not known or over')
  if (typeof id !== 'string' || held === undefined || held['grant'] !== grant.id) throw unknown
  const { configuration, subject, holders, renewal } = held
  const asked: IssueRequest = {
    configuration: String(configuration),
    subject: subject as Json,
    holders: (holders as readonly JsonObject[]).map(holderOf),
    renewal: renewal === true,
    deferred: true,
  }
  return issued(
    settings,
    asked,
    respond,
    async () => id,
    async () => {
      const limit = { times: issuances, seconds: settings.deferredLifetime }
      if (!(await countedUse(settings, 'deferred', id, limit))) throw unknown
    },
  )
}

async function issued(
  settings: Settings,
  asked: IssueRequest,
  respond: Respond,
  transaction: () => Promise<string>,
  delivered?: () => Promise<void>,
): Promise<Response> {
  const copies = await settings.options.issue(asked).catch((error: unknown) => {
    // The one thing that only the format can judge of what a wallet sent.
    if (error instanceof AsobaError && error.code === 'bbs.commitment-invalid') {
      throw invalid('a commitment does not hold')
    }
    throw error
  })
  if (copies === 'denied') throw denied()
  if (copies === 'later') return respond({ transaction_id: await transaction(), interval }, 202)
  if (copies.length !== asked.holders.length)
    throw new TypeError('issue gives a copy for each holder')
  if (settings.haip && !copies.every(isCertified)) {
    throw new TypeError('HAIP: copies are signed by ES256 and have x5c')
  }
  await delivered?.()
  const notification = await notificationId(settings, asked.configuration, copies)
  return respond({
    credentials: copies.map(({ wire }) => ({ credential: wire as Json })),
    ...(notification !== undefined && { notification_id: notification }),
  })
}

/** HAIP 1.0 on SD-JWT VC: the key of an issuer is found by `x5c` alone. */
function isCertified({ wire }: IssuedCopy): boolean {
  const parsed = parseJws(typeof wire === 'string' ? wire.split('~')[0] : undefined)
  return parsed.verified && parsed.header.alg === 'ES256' && parsed.header.x5c !== undefined
}

function denied(): Refusal {
  return new Refusal('credential_request_denied', 'the credential is not issued')
}

async function notificationId(
  settings: Settings,
  configuration: string,
  copies: readonly IssuedCopy[],
): Promise<string | undefined> {
  if (settings.options.notified === undefined) return undefined
  const status = copies.flatMap((copy) => (copy.status ? [{ ...copy.status } as JsonObject] : []))
  const seconds = settings.deferredLifetime
  return sealFor(settings, 'notification', { configuration, status }, seconds)
}

/** The notification endpoint. @see OpenID4VCI 1.0 section 11 */
export async function notificationEndpoint(
  settings: Settings,
  request: Request,
): Promise<Response> {
  await accessOf(settings, request, paths.notification, { afterwards: true })
  const body =
    mediaTypeOf(request) === 'application/json' ? objectIn(await readText(request)) : undefined
  const event = events.find((each) => each === body?.['event'])
  if (body === undefined || event === undefined || typeof body['notification_id'] !== 'string') {
    throw new Refusal(
      'invalid_notification_request',
      'send notification_id and one of three events',
    )
  }
  const held = await unsealFor(settings, 'notification', body['notification_id'])
  if (!isJsonObject(held)) {
    throw new Refusal('invalid_notification_id', 'the notification_id is not known or over')
  }
  const { configuration, status } = held
  await settings.options.notified?.({
    event,
    configuration: String(configuration),
    status: status as unknown as NotificationEvent['status'],
  })
  return answer(204, null)
}

const events = ['credential_accepted', 'credential_failure', 'credential_deleted'] as const
