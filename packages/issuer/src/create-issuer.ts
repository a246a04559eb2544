import {
  AsobaError,
  type CredentialFormat,
  type CredentialType,
  canonicalize,
  type HolderProof,
  type Json,
  type JsonObject,
  type SecuredCredential,
  type StatusReference,
  toBase64url,
} from '@asoba/core'
import type { StatusList } from '@asoba/status'

/** Where the status of what is issued is published; `'none'` must be said aloud. */
export type IssuerStatus = StatusList | 'none'

/**
 * Validity in epochs, for credentials that cannot be revoked one by one (BBS): whole periods
 * counted from 1970-01-01, so that everybody who is issued to in one has the same two dates.
 */
export interface EpochValidity {
  /** Days of an epoch. */
  readonly epochDays: number
}

/** What an issuer is made of. Every field that safety hangs on is required. */
export interface IssuerOptions<
  Formats extends readonly CredentialFormat[],
  Types extends Readonly<Record<keyof Types, CredentialType>>,
> {
  /** Issuer identifier, a DID or an https URL: what verifiers' trust entries name. */
  readonly issuer: string
  /** The types it issues, by short name. */
  readonly types: Types
  /** The formats it issues in, each given its signer. */
  readonly formats: Formats
  /** One list for all, or one for each type. */
  readonly status: IssuerStatus | { readonly [Name in keyof Types]: IssuerStatus }
  /**
   * Lists of before, full or retired: nothing is allocated in them, but what they gave out can
   * still be revoked.
   */
  readonly formerLists?: readonly StatusList[]
  /**
   * Days that a credential is valid when an issuance does not say; for all or for each type. With
   * `epochDays` it is valid from the start to the end of the epoch that the issuance lies in.
   */
  readonly validityDays: number | { readonly [Name in keyof Types]: number | EpochValidity }
  /** The clock. */
  readonly now?: () => Date
}

/** One issuance: one person's claims, one copy for each holder proof. */
export interface Issuance<Format extends string, Name extends string> {
  readonly format: Format
  readonly type: Name
  readonly claims: JsonObject
  /** One for each copy; keys must differ, or the copies could be told to belong together. */
  readonly holders: readonly HolderProof[]
  /** Cut down to the UTC day, or to the start of its epoch; today when left out. */
  readonly validFrom?: Date
  /** Cut down to the UTC day; `validityDays` after `validFrom`, or the end of its epoch, when left out. */
  readonly validUntil?: Date
}

/** One copy of a credential, and the status entry to revoke it by. */
export interface IssuedCredential<Format extends string = string>
  extends SecuredCredential<Format> {
  /**
   * Names the copy, not the person. Who keeps it beside anything that names the person
   * keeps a register; give it to the holder, or keep it under the uniqueness tag.
   */
  readonly status?: StatusReference
}

/** The issuer role. It keeps nothing of whom it issued to. */
export interface Issuer<Format extends string = string, Name extends string = string> {
  /**
   * Issues one copy for each holder proof, all with the same dates.
   *
   * @throws AsobaError `issuer.format-unknown`, `issuer.type-unknown`, `issuer.claims-invalid`
   * (with the path of the claim, never its value), `status.list-full`, `signer.missing`
   * @throws TypeError where two holders are one, there is none, or the dates are no period
   */
  issue<F extends Format>(issuance: Issuance<F, Name>): Promise<readonly IssuedCredential<F>[]>
  /** Revokes for good; published with the next list. @throws AsobaError `status.entry-unknown` */
  revoke(references: StatusReference | readonly StatusReference[]): Promise<void>
  /** Suspends for a time. @throws AsobaError `status.entry-unknown`; TypeError where the list cannot say it */
  suspend(references: StatusReference | readonly StatusReference[]): Promise<void>
  /** Ends a suspension. @throws AsobaError `status.entry-unknown`, `status.revoked-for-good` */
  reinstate(references: StatusReference | readonly StatusReference[]): Promise<void>
}

/**
 * An issuer over the formats and types given to it.
 *
 * @throws TypeError where two formats or two status lists are one, a required option is missing, or
 * the validity is not a positive number of days
 */
export function createIssuer<
  const Formats extends readonly CredentialFormat[],
  Types extends Readonly<Record<keyof Types, CredentialType>>,
>(
  options: IssuerOptions<Formats, Types>,
): Issuer<Formats[number]['id'], Extract<keyof Types, string>> {
  const { issuer, types, status, formerLists = [], now = () => new Date() } = options
  if (typeof issuer !== 'string' || !/^(did:|https:\/\/)/.test(issuer)) {
    throw new TypeError('an issuer is a DID or an https URL')
  }
  const validityOf = validities(options.validityDays, Object.keys(types))
  const formats = new Map<string, CredentialFormat>()
  for (const format of options.formats) {
    if (formats.has(format.id)) throw new TypeError('two formats have one id')
    formats.set(format.id, format)
  }
  const listOf = statusLists(status, Object.keys(types), formerLists)

  return {
    issue: async (issuance) => {
      const format = formats.get(issuance.format)
      if (format === undefined) {
        throw new AsobaError('issuer.format-unknown', 'the issuer was not given this format')
      }
      const type = Object.hasOwn(types, issuance.type) ? types[issuance.type] : undefined
      if (type === undefined) {
        throw new AsobaError('issuer.type-unknown', 'the issuer does not issue this type')
      }
      checkHolders(issuance.holders, type)
      const [wrong] = type.validate(issuance.claims, { disclosed: 'all' })
      if (wrong !== undefined) {
        throw new AsobaError(
          'issuer.claims-invalid',
          'the claims are not what the type demands',
          wrong.path === undefined ? {} : { path: wrong.path },
        )
      }
      const { days, epochs } = validityOf(issuance.type)
      const validFrom = cutDown(issuance.validFrom ?? now(), epochs ? days : 1)
      const validUntil =
        issuance.validUntil === undefined
          ? new Date(validFrom.getTime() + days * 86_400_000)
          : cutDown(issuance.validUntil, 1)
      if (!(validUntil > validFrom)) throw new TypeError('validUntil must lie after validFrom')

      const list = listOf(issuance.type)
      const entries = list === 'none' ? undefined : await list.allocate(issuance.holders.length)
      const input = { type, issuer, claims: issuance.claims, validFrom, validUntil }
      return Promise.all(
        issuance.holders.map(async (holder, at) => {
          const entry = entries?.[at]
          const secured = await format.secure(
            entry === undefined ? input : { ...input, status: entry },
            holder,
          )
          const copy = { format: issuance.format, wire: secured.wire }
          return entry === undefined ? copy : { ...copy, status: entry }
        }),
      )
    },
    revoke: (references) => changeAll(references, (list, of) => list.revoke(of)),
    suspend: (references) => changeAll(references, (list, of) => list.suspend(of)),
    reinstate: (references) => changeAll(references, (list, of) => list.reinstate(of)),
  }

  /** Each list once with all its entries: a list published in between would group them. */
  async function changeAll(
    references: StatusReference | readonly StatusReference[],
    change: (list: StatusList, of: readonly StatusReference[]) => Promise<void>,
  ): Promise<void> {
    const all = 'kind' in references ? [references] : references
    const byUri = Map.groupBy(all, ({ uri }) => uri)
    const work = [...byUri].map(([uri, of]) => {
      const list = listOf.all.find((candidate) => candidate.uri === uri)
      if (list === undefined) {
        throw new AsobaError(
          'status.entry-unknown',
          'the status entry is of no list of this issuer',
        )
      }
      return [list, of] as const
    })
    for (const [list, of] of work) await change(list, of)
  }
}

interface Validity {
  readonly days: number
  readonly epochs: boolean
}

/** Validity by the key of the type; says at creation where one is missing. */
function validities(
  days: number | Readonly<Record<string, number | EpochValidity>>,
  names: readonly string[],
): (key: string) => Validity {
  const byName = new Map(
    names.map((name) => {
      const one = typeof days === 'number' ? days : Object.hasOwn(days ?? {}, name) && days[name]
      const epochs = typeof one === 'object' && one !== null
      const whole = epochs ? one.epochDays : one
      if (typeof whole !== 'number' || !Number.isInteger(whole) || whole < 1) {
        throw new TypeError('validityDays must be a whole number above 0, for every type')
      }
      return [name, { days: whole, epochs }]
    }),
  )
  return (key) => byName.get(key) as Validity
}

/** Looks a list up by the key of the type; says at creation where one is missing. */
function statusLists(
  status: IssuerStatus | Readonly<Record<string, IssuerStatus>>,
  names: readonly string[],
  former: readonly StatusList[],
): ((key: string) => IssuerStatus) & { readonly all: readonly StatusList[] } {
  const single = status === 'none' || isStatusList(status)
  const byName = new Map<string, IssuerStatus>()
  for (const name of names) {
    const list = single
      ? status
      : Object.hasOwn(status ?? {}, name)
        ? (status as Readonly<Record<string, IssuerStatus>>)[name]
        : undefined
    if (list !== 'none' && !isStatusList(list)) {
      throw new TypeError("status must be given for every type: a status list, or 'none'")
    }
    byName.set(name, list)
  }
  const all = [...new Set([...byName.values(), ...former])].filter((list) => list !== 'none')
  if (new Set(all.map(({ uri }) => uri)).size < all.length) {
    throw new TypeError('two status lists have one uri')
  }
  return Object.assign((key: string) => byName.get(key) ?? 'none', { all })
}

function isStatusList(value: unknown): value is StatusList {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'allocate') === 'function'
  )
}

function checkHolders(holders: readonly HolderProof[], type: CredentialType): void {
  if (holders.length === 0) throw new TypeError('an issuance needs at least one holder proof')
  const seen = new Set<string>()
  for (const holder of holders) {
    if (holder.kind === 'bearer') {
      if (type.holderBinding === 'required') {
        throw new TypeError('this type must be bound to a key of the holder')
      }
      continue
    }
    const mark =
      holder.kind === 'jwk' ? keyMark(holder.publicJwk) : toBase64url(holder.commitmentWithProof)
    if (seen.has(mark)) throw new TypeError('every copy needs a holder key of its own')
    seen.add(mark)
  }
}

/** The key alone: two copies are bound to one key whatever `kid` or `use` they give it. */
function keyMark({
  kty,
  crv,
  x,
  y,
}: {
  readonly kty: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
}): string {
  const members: Readonly<Record<string, Json>> = { kty, crv: crv ?? '', x: x ?? '', y: y ?? '' }
  return canonicalize(members)
}

/**
 * Midnight UTC of the day, or of the first of so many days: a time of day would mark the copies of
 * one person, and a day where there are epochs the person.
 */
function cutDown(date: Date, days: number): Date {
  const time = date.getTime()
  if (Number.isNaN(time)) throw new TypeError('expected a valid Date')
  const period = days * 86_400_000
  return new Date(Math.floor(time / period) * period)
}
