import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { paths, preAuthorizedCode } from './metadata.ts'
import { hashOf, inSeconds, randomText, sealFor, sealOf, unsealFor } from './sealed.ts'
import type { Settings } from './settings.ts'
import type { Offer, OfferInput } from './types.ts'

/** Wrong transaction codes before a pre-authorised code dies. */
const attempts = 5

/** An offer for a wallet. @see OpenID4VCI 1.0 section 4.1 */
export async function createOffer(settings: Settings, input: OfferInput): Promise<Offer> {
  const { configurations, grant, subject, by = 'value', txCode: wish, lifetime = 600 } = input
  if (configurations.length === 0 || new Set(configurations).size < configurations.length) {
    throw new TypeError('an offer names configurations, each once')
  }
  if (!configurations.every((id) => settings.configurations.has(id))) {
    throw new TypeError('the issuer has no such configuration')
  }
  if (!(lifetime > 0 && lifetime <= 86_400)) {
    throw new TypeError('lifetime is in seconds, a day at most')
  }
  const made =
    grant === 'pre-authorized_code'
      ? await preAuthorized(settings, { configurations, subject, wish, lifetime })
      : await byAuthorization(settings, { subject, wish, lifetime })
  const offer: JsonObject = {
    credential_issuer: settings.url,
    credential_configuration_ids: [...configurations],
    grants: made.grants,
  }
  const link = new URL(settings.haip ? 'haip-vci://' : 'openid-credential-offer://')
  if (by === 'value') link.searchParams.set('credential_offer', JSON.stringify(offer))
  else link.searchParams.set('credential_offer_uri', await refer(settings, offer, lifetime))
  return {
    link: link.href,
    offer,
    expires: inSeconds(settings, lifetime),
    ...(made.txCode !== undefined && { txCode: made.txCode }),
  }
}

interface Made {
  readonly grants: JsonObject
  readonly txCode?: string
}

async function preAuthorized(
  settings: Settings,
  given: Pick<OfferInput, 'configurations' | 'subject'> & {
    readonly wish: OfferInput['txCode']
    readonly lifetime: number
  },
): Promise<Made> {
  const { configurations, subject, wish, lifetime } = given
  const code = randomText()
  const txCode = wish === 'none' ? undefined : digits(wish.length)
  const record: JsonObject = {
    configurations: [...configurations],
    subject,
    ...(txCode && { txCode }),
  }
  await keep(settings, 'offer', code, record, lifetime)
  return {
    grants: {
      [preAuthorizedCode]: {
        'pre-authorized_code': code,
        ...(wish !== 'none' && {
          tx_code: {
            input_mode: 'numeric',
            length: wish.length,
            ...(wish.description !== undefined && { description: describing(wish.description) }),
          },
        }),
      },
    },
    ...(txCode !== undefined && { txCode }),
  }
}

async function byAuthorization(
  settings: Settings,
  given: {
    readonly subject: Json
    readonly wish: OfferInput['txCode']
    readonly lifetime: number
  },
): Promise<Made> {
  if (settings.options.authorize === undefined) {
    throw new TypeError('the authorisation code flow needs authorize')
  }
  if (given.wish !== 'none')
    throw new TypeError('only a pre-authorised code has a transaction code')
  const state = await sealFor(settings, 'issuer-state', { subject: given.subject }, given.lifetime)
  return { grants: { authorization_code: { issuer_state: state } } }
}

async function refer(settings: Settings, offer: JsonObject, lifetime: number): Promise<string> {
  const id = randomText()
  await keep(settings, 'offer', id, offer, lifetime)
  return `${settings.url}${paths.offer}${id}`
}

/** Sealed twice: nobody reads it without the code, and nobody writes one who only has the store. */
async function keep(
  settings: Settings,
  kind: 'offer',
  code: string,
  value: JsonObject,
  lifetime: number,
): Promise<void> {
  const ours = await sealFor(settings, kind, value, lifetime)
  const expires = inSeconds(settings, lifetime)
  const text = await (await sealOf(kind, code)).seal(ours, { expires, purpose: kind })
  const kept = await settings.options.offers.put(await hashOf(kind, code), text, {
    expires,
    attempts,
  })
  if (!kept) throw new Error('the store has no room for an offer')
}

/** What was kept under a code or link, not counted; `undefined` where there is nothing. */
export async function readOffer(settings: Settings, code: string): Promise<JsonObject | undefined> {
  const text = await settings.options.offers.get(await hashOf('offer', code))
  if (text === undefined) return undefined
  try {
    const seal = await sealOf('offer', code)
    const ours = await seal.unseal(text, { now: settings.now(), purpose: 'offer' })
    return await unsealFor(settings, 'offer', ours)
  } catch {
    return undefined
  }
}

/** What a pre-authorised code stands for. */
export interface PreAuthorized {
  readonly configurations: readonly string[]
  readonly subject: Json
  readonly txCode?: string
}

/** The record of a pre-authorised code; an offer by reference is none. */
export async function readPreAuthorized(
  settings: Settings,
  code: string,
): Promise<PreAuthorized | undefined> {
  const record = await readOffer(settings, code)
  return isJsonObject(record) && Array.isArray(record['configurations'])
    ? (record as unknown as PreAuthorized)
    : undefined
}

/** Random decimal digits, each equally likely. */
function digits(length: number): string {
  if (!Number.isInteger(length) || length < 4 || length > 12) {
    throw new TypeError('a transaction code has 4 to 12 digits')
  }
  let text = ''
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      if (byte < 250 && text.length < length) text += String(byte % 10)
    }
  }
  return text
}

function describing(text: string): string {
  if (text.length > 300) throw new TypeError('a description has 300 characters at most')
  return text
}
