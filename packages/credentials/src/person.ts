import type { JsonObject } from '@asoba/core'
import { type OwnTerm, optional } from './claim-kinds.ts'
import type { Claim, ClaimTable, Label } from './claim-table.ts'

/** A person's names: Latin as transliterated for documents, and as written in Belarusian and Russian. */
export type NameClaims = {
  readonly given_name?: string
  readonly family_name?: string
  readonly middle_name?: string
  readonly 'given_name#be'?: string
  readonly 'family_name#be'?: string
  readonly 'middle_name#be'?: string
  readonly 'given_name#ru'?: string
  readonly 'family_name#ru'?: string
  readonly 'middle_name#ru'?: string
}

const latin = "^[\\p{Script=Latin}\\p{M}][\\p{Script=Latin}\\p{M} .'’-]*$"
const cyrillic = "^[\\p{Script=Cyrillic}\\p{M}][\\p{Script=Cyrillic}\\p{M} .'’ʼ-]*$"

const names: Readonly<Record<string, { readonly iri: string; readonly own: string } & Label>> = {
  given_name: {
    iri: 'https://schema.org/givenName',
    own: 'givenName',
    be: 'Імя',
    en: 'Given name',
  },
  family_name: {
    iri: 'https://schema.org/familyName',
    own: 'familyName',
    be: 'Прозвішча',
    en: 'Family name',
  },
  middle_name: {
    iri: 'https://schema.org/additionalName',
    own: 'additionalName',
    be: 'Імя па бацьку',
    en: 'Patronymic',
  },
}
const scripts: readonly (readonly [string, string | null, string, Label])[] = [
  ['', null, latin, { be: 'лацінкай', en: 'Latin script' }],
  ['Be', 'be', cyrillic, { be: 'па-беларуску', en: 'Belarusian' }],
  ['Ru', 'ru', cyrillic, { be: 'па-руску', en: 'Russian' }],
]

/** The claims of a person's names; all optional, for a citizen need not be named. */
export function nameClaims(own: OwnTerm): ClaimTable {
  const table: Record<string, Claim> = {}
  for (const [suffix, language, pattern, script] of scripts) {
    for (const [name, { iri, own: term, be, en }] of Object.entries(names)) {
      const label = { be: `${be} (${script.be})`, en: `${en} (${script.en})` }
      // A property of its own for each script: statements of one property stand in the
      // order of their values, and a shown one would tell of those that are hidden.
      const property = language === null ? iri : own(`${term}${suffix}`)
      table[language === null ? name : `${name}#${language}`] = optional(
        label,
        nameSchema(pattern),
        property,
        { '@language': language },
      )
    }
  }
  return table
}

function nameSchema(pattern: string): JsonObject {
  return { type: 'string', minLength: 1, maxLength: 150, pattern }
}
