import { digest, isJsonObject, type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { createSeal, type Seal } from '@asoba/core/seal'
import type { Settings } from './settings.ts'

/** What an issuer hands out instead of keeping it. */
export type SealedKind =
  | 'access'
  | 'challenge'
  | 'code'
  | 'deferred'
  | 'dpop-nonce'
  | 'interaction'
  | 'issuer-state'
  | 'nonce'
  | 'notification'
  | 'offer'
  | 'pushed'
  | 'refresh'

/** How long a nonce of ours may be used in proofs, in seconds. */
export const nonceLifetime = 300

const purposeOf = ({ url }: Settings, kind: SealedKind): string =>
  `asoba/openid4vci/${kind}/v1|${url}`

/** A value that comes back as it was, until so many seconds have passed. */
export async function sealFor(
  settings: Settings,
  kind: SealedKind,
  value: JsonObject,
  seconds: number,
): Promise<string> {
  return settings.options.seal.seal(value, {
    expires: inSeconds(settings, seconds),
    purpose: purposeOf(settings, kind),
  })
}

/** What was sealed for this very use; `undefined` where it was not, or is over. */
export async function unsealFor(
  settings: Settings,
  kind: SealedKind,
  text: unknown,
): Promise<JsonObject | undefined> {
  if (typeof text !== 'string') return undefined
  try {
    const now = settings.now()
    const value = await settings.options.seal.unseal(text, {
      now,
      purpose: purposeOf(settings, kind),
    })
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** As {@link unsealFor}. @throws AsobaError `seal.invalid`, `seal.expired` */
export async function openSealed(
  settings: Settings,
  kind: SealedKind,
  text: string,
): Promise<JsonObject> {
  const purpose = purposeOf(settings, kind)
  return (await settings.options.seal.unseal(text, { now: settings.now(), purpose })) as JsonObject
}

/** A time from now. */
export function inSeconds(settings: Settings, seconds: number): Date {
  return new Date(settings.now().getTime() + seconds * 1000)
}

/** 32 random bytes as text. */
export function randomText(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(32)))
}

/** What is kept of a text in its place. */
export async function hashOf(kind: string, text: string): Promise<string> {
  return toBase64url(await digest('SHA-256', utf8(`asoba/openid4vci/${kind}/v1|${text}`)))
}

/** True once for a text, on all replicas together. */
export async function firstUse(
  settings: Settings,
  kind: SealedKind | 'dpop' | 'attestation',
  text: string,
  seconds: number,
): Promise<boolean> {
  const id = await hashOf(`mark/${kind}`, text)
  return settings.options.replay.firstUse(id, inSeconds(settings, seconds))
}

/** True so many times for a text, on all replicas together. */
export async function countedUse(
  settings: Settings,
  kind: SealedKind,
  text: string,
  limit: { readonly times: number; readonly seconds: number },
): Promise<boolean> {
  for (let nth = 0; nth < limit.times; nth++) {
    if (await firstUse(settings, kind, `${nth}|${text}`, limit.seconds)) return true
  }
  return false
}

/** What ended before its time: tokens of a code that was used twice, a request that was answered. */
type Ended = 'code' | 'pushed'

/**
 * Notes that something has ended, until so many seconds have passed: unlike a mark of
 * {@link firstUse} it can be looked for without being made.
 */
export async function noteEnd(
  settings: Settings,
  kind: Ended,
  text: string,
  seconds: number,
): Promise<void> {
  const { offers } = settings.options
  const id = await hashOf(`ended/${kind}`, text)
  const kept = await offers.put(id, '-', { expires: inSeconds(settings, seconds), attempts: 1 })
  if (!kept && (await offers.get(id)) === undefined) {
    throw new Error('the store has no room for what has ended')
  }
}

/** Whether {@link noteEnd} was told so, on any replica. */
export async function hasEnded(settings: Settings, kind: Ended, text: string): Promise<boolean> {
  return (await settings.options.offers.get(await hashOf(`ended/${kind}`, text))) !== undefined
}

/** A seal that only who knows the text has: what lies in the store is nothing without the code or link. */
export async function sealOf(kind: string, text: string): Promise<Seal> {
  return createSeal(await digest('SHA-256', utf8(`asoba/openid4vci/${kind}-key/v1|${text}`)))
}
