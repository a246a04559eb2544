import {
  anyUri,
  date,
  dateOfExpiry,
  issuingAuthority,
  mandatory,
  type OwnTerm,
  object,
  optional,
  text,
} from './claim-kinds.ts'
import type { ClaimTable } from './claim-table.ts'
import { type EvidenceClaims, evidenceClaim } from './evidence.ts'
import { type NameClaims, nameClaims } from './person.ts'

/** Claims of a profession credential. */
export type ProfessionClaims = NameClaims & {
  readonly occupation: {
    /** Unit group of ISCO-08, four digits: `2211`. */
    readonly isco_08: string
    /** `http://data.europa.eu/esco/occupation/…`. */
    readonly esco_uri?: string
    readonly title?: string
    readonly 'title#be'?: string
    readonly 'title#ru'?: string
  }
  readonly entitled_to_practise?: boolean
  readonly licence?: {
    readonly number?: string
    readonly body?: string
    readonly date_of_expiry?: string
  }
  readonly date_of_expiry?: string
  readonly issuing_authority?: string
  readonly evidence: EvidenceClaims
}

/** The claims of a profession. */
export function professionTable(own: OwnTerm): ClaimTable {
  return {
    occupation: object(
      { be: 'Прафесія', en: 'Occupation' },
      'https://schema.org/hasOccupation',
      {
        isco_08: mandatory(
          { be: 'Код прафесіі паводле ISCO-08', en: 'ISCO-08 code' },
          { type: 'string', pattern: '^[0-9]{4}$' },
          'https://schema.org/occupationalCategory',
        ),
        esco_uri: optional(
          { be: 'Прафесія паводле ESCO', en: 'ESCO occupation' },
          {
            type: 'string',
            pattern: '^http://data\\.europa\\.eu/esco/occupation/[0-9a-f-]{36}$',
          },
          own('escoOccupation'),
          anyUri,
        ),
        title: optional(
          { be: 'Назва прафесіі (па-англійску)', en: 'Occupation title (English)' },
          text,
          'https://schema.org/name',
          { '@language': 'en' },
        ),
        'title#be': optional(
          { be: 'Назва прафесіі (па-беларуску)', en: 'Occupation title (Belarusian)' },
          text,
          own('occupationNameBe'),
          { '@language': 'be' },
        ),
        'title#ru': optional(
          { be: 'Назва прафесіі (па-руску)', en: 'Occupation title (Russian)' },
          text,
          own('occupationNameRu'),
          { '@language': 'ru' },
        ),
      },
      { mandatory: true },
    ),
    entitled_to_practise: optional(
      { be: 'Мае права працаваць па прафесіі', en: 'Entitled to practise' },
      { type: 'boolean' },
      own('entitledToPractise'),
    ),
    licence: object(
      { be: 'Ліцэнзія', en: 'Licence' },
      own('licence'),
      {
        number: optional(
          { be: 'Нумар ліцэнзіі', en: 'Licence number' },
          { type: 'string', pattern: '^[\\p{L}\\p{N}./ -]{1,40}$' },
          'https://schema.org/identifier',
        ),
        body: optional(
          { be: 'Кім выдадзена ліцэнзія', en: 'Licensing body' },
          text,
          own('licensingBody'),
        ),
        date_of_expiry: date(
          { be: 'Дата заканчэння ліцэнзіі', en: 'Licence expires' },
          own('dateOfExpiry'),
        ),
      },
      { mandatory: false },
    ),
    ...nameClaims(own),
    date_of_expiry: dateOfExpiry(own),
    issuing_authority: issuingAuthority(own),
    evidence: evidenceClaim(own),
  }
}
