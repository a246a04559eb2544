import type { JsonObject, Problem } from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import { ageThresholds, type NationTypes } from '@asoba/credentials'

/** What this registry issues. */
export type IssuedType = 'citizenship' | 'profession'
/** All of {@link IssuedType}. */
export const issuedTypes: readonly IssuedType[] = ['citizenship', 'profession']

/** What an applicant wrote down. It is sealed, carried by the applicant, and stored nowhere. */
export interface Application {
  readonly type: IssuedType
  readonly givenName: string
  readonly familyName: string
  readonly givenNameBe: string
  readonly familyNameBe: string
  /** `1991-03-25` */
  readonly birthdate: string
  /** Of the document that is shown; makes the tag, and goes into no credential. */
  readonly personalNumber: string
  /** ISCO-08 code; professions only. */
  readonly occupation: string
  readonly occupationTitle: string
}

/** Names of the fields, as the form has them. */
export const applicationFields = [
  'givenName',
  'familyName',
  'givenNameBe',
  'familyNameBe',
  'birthdate',
  'personalNumber',
  'occupation',
  'occupationTitle',
] as const

const purpose = 'asoba/application/v1'
const days = 7

/** Seals an application for its applicant to carry. */
export async function sealApplication(seal: Seal, application: Application): Promise<string> {
  const expires = new Date(Date.now() + days * 86_400_000)
  return seal.seal(application as unknown as JsonObject, { expires, purpose })
}

/** The application in a text; `undefined` where it is none of ours, or is over. */
export async function openApplication(seal: Seal, text: string): Promise<Application | undefined> {
  try {
    const value = await seal.unseal(text.replace(/\s+/g, ''), { now: new Date(), purpose })
    return value as unknown as Application
  } catch {
    return undefined
  }
}

/** An application out of a form; what is too long or missing is a problem of its field. */
export function readApplication(form: URLSearchParams): {
  readonly application: Application
  readonly missing: readonly string[]
} {
  const type = issuedTypes.find((each) => each === form.get('type')) ?? 'citizenship'
  const missing: string[] = []
  const text = (name: string, needed = true): string => {
    const value = (form.get(name) ?? '').normalize('NFC').trim()
    if ((needed && value === '') || value.length > 100) missing.push(name)
    return value.slice(0, 100)
  }
  const profession = type === 'profession'
  const application: Application = {
    type,
    givenName: text('givenName'),
    familyName: text('familyName'),
    givenNameBe: text('givenNameBe', false),
    familyNameBe: text('familyNameBe', false),
    birthdate: text('birthdate'),
    personalNumber: text('personalNumber').toUpperCase().replace(/\s/g, ''),
    occupation: text('occupation', profession),
    occupationTitle: text('occupationTitle', profession),
  }
  const at = Date.parse(`${application.birthdate}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(application.birthdate) || !(at < Date.now()))
    missing.push('birthdate')
  if (profession && !/^\d{1,4}$/.test(application.occupation)) missing.push('occupation')
  return { application, missing: [...new Set(missing)] }
}

/** The claims of an application, as they would be on this day. */
export function claimsOf(application: Application, at: Date): JsonObject {
  const { type, birthdate } = application
  const names = {
    given_name: application.givenName,
    family_name: application.familyName,
    ...(application.givenNameBe !== '' && { 'given_name#be': application.givenNameBe }),
    ...(application.familyNameBe !== '' && { 'family_name#be': application.familyNameBe }),
  }
  const evidence = { trust_framework: 'asoba', assurance_level: 'P2' }
  if (type === 'profession') {
    return {
      ...names,
      occupation: { isco_08: application.occupation, title: application.occupationTitle },
      entitled_to_practise: true,
      evidence,
    }
  }
  return {
    citizen: true,
    ...names,
    birthdate,
    nationalities: ['BY'],
    age_equal_or_over: ageThresholds(birthdate, at),
    evidence,
  }
}

/** Why the claims could not be issued; none where they could. */
export function faultsOf(application: Application, nation: NationTypes): readonly Problem[] {
  return nation[application.type].validate(claimsOf(application, new Date()), { disclosed: 'all' })
}
