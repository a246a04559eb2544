import { anyUri, httpsUrl, mandatory, type OwnTerm, object, optional } from './claim-kinds.ts'
import type { Claim } from './claim-table.ts'

/**
 * How much was done to be sure of the person: `P0` self-asserted, `P1` vouched for or
 * a document seen, `P2` chip verified and living person bound, `P3` two independent roots.
 */
export type AssuranceLevel = 'P0' | 'P1' | 'P2' | 'P3'

/** On whose word the proofing rests. */
export type TrustRoot = 'self' | 'vouch' | 'referee' | 'regime-chip' | 'partner-state'

/** Check methods in the words of OpenID Identity Assurance. */
export type CheckMethod =
  | 'vpip'
  | 'vpiruv'
  | 'vri'
  | 'vdig'
  | 'vcrypt'
  | 'data'
  | 'auth'
  | 'token'
  | 'pvp'
  | 'pvr'
  | 'bvp'
  | 'bvr'

/** What a credential tells of the proofing behind it; every member is disclosed alone. */
export type EvidenceClaims = {
  readonly trust_framework: 'asoba'
  readonly assurance_level: AssuranceLevel
  /** https URL of the policy that was followed. */
  readonly policy?: string
  /** Month of the proofing, `2026-11`; never a day. */
  readonly month?: string
  readonly trust_roots?: readonly TrustRoot[]
  readonly check_methods?: readonly CheckMethod[]
  readonly document_expired_at_proofing?: boolean
}

const roots: readonly TrustRoot[] = ['self', 'vouch', 'referee', 'regime-chip', 'partner-state']
const methods: readonly CheckMethod[] = [
  'vpip',
  'vpiruv',
  'vri',
  'vdig',
  'vcrypt',
  'data',
  'auth',
  'token',
  'pvp',
  'pvr',
  'bvp',
  'bvr',
]

/** The claim `evidence`, in the words of OpenID Identity Assurance where they fit. */
export function evidenceClaim(own: OwnTerm): Claim {
  const label = { be: 'Звесткі пра праверку асобы', en: 'How the person was proofed' }
  const members = {
    trust_framework: mandatory(
      { be: 'Сістэма даверу', en: 'Trust framework' },
      { type: 'string', const: 'asoba' },
      own('trustFramework'),
    ),
    assurance_level: mandatory(
      { be: 'Узровень надзейнасці праверкі', en: 'Assurance level' },
      { type: 'string', enum: ['P0', 'P1', 'P2', 'P3'] },
      own('assuranceLevel'),
    ),
    policy: optional(
      { be: 'Правілы праверкі', en: 'Proofing policy' },
      httpsUrl,
      own('proofingPolicy'),
      anyUri,
    ),
    month: optional(
      { be: 'Месяц праверкі', en: 'Month of proofing' },
      { type: 'string', pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' },
      own('proofingMonth'),
      { '@type': 'http://www.w3.org/2001/XMLSchema#gYearMonth' },
    ),
    trust_roots: optional(
      { be: 'Крыніцы даверу', en: 'Roots of trust' },
      { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: roots } },
      own('trustRoot'),
      { '@container': '@set' },
    ),
    check_methods: optional(
      { be: 'Спосабы праверкі', en: 'Check methods' },
      { type: 'array', minItems: 1, maxItems: 8, items: { type: 'string', enum: methods } },
      own('checkMethod'),
      { '@container': '@set' },
    ),
    document_expired_at_proofing: optional(
      {
        be: 'Тэрмін дзеяння дакумента скончыўся да праверкі',
        en: 'The document had expired before the proofing',
      },
      { type: 'boolean' },
      own('documentExpiredAtProofing'),
    ),
  }
  return object(label, own('evidence'), members, { mandatory: true })
}
