import type { CredentialType } from '@asoba/core'
import { citizenshipTable } from './citizenship.ts'
import type { OwnTerm } from './claim-kinds.ts'
import { type ClaimTable, definitionsOf, type Label, schemaOf } from './claim-table.ts'
import { jsonLdContext, type PinnedContext } from './json-ld-context.ts'
import { professionTable } from './profession.ts'
import { residencyTable } from './residency.ts'
import { taxReceiptTable } from './tax-receipt.ts'
import { integrityOf, typeMetadata } from './type-metadata.ts'
import { schemaJudge } from './validate.ts'

/** A credential type of a nation, with the documents that the nation publishes for it. */
export interface NationType extends CredentialType {
  /** SD-JWT VC type metadata: the exact bytes to serve at `vct` as `application/json`. */
  readonly metadata: Uint8Array
  /** The JSON-LD context of the type, the last of `contexts`. */
  readonly context: PinnedContext
  /** Name of the type, for people. */
  readonly label: Label
}

/** The credential types of one nation. */
export interface NationTypes {
  readonly citizenship: NationType
  readonly residency: NationType
  readonly profession: NationType
  readonly taxReceipt: NationType
}

interface Outline {
  readonly name: string
  readonly slug: string
  readonly vcdmType: string
  readonly subjectTypes: readonly string[]
  readonly label: Label
  readonly description: Label
  readonly table: (own: OwnTerm) => ClaimTable
}

/** Rises when a published document changes: what was pinned once stays what it was. */
const version = 1

/**
 * The credential types of a nation, under its own domain. Everything is made at
 * once and without the network; the same origin always gives the same bytes.
 *
 * @throws TypeError where `origin` is not an https origin such as `https://nation.example`
 * @see spec/credentials.md
 */
export function nationTypes(options: { readonly origin: string }): NationTypes {
  const { origin } = options
  if (!isHttpsOrigin(origin)) throw new TypeError('origin must be an https origin without path')
  return {
    citizenship: make(origin, citizenshipOutline),
    residency: make(origin, residencyOutline),
    profession: make(origin, professionOutline),
    taxReceipt: make(origin, taxReceiptOutline),
  }
}

function make(origin: string, outline: Outline): NationType {
  const { name, vcdmType, subjectTypes, label, description } = outline
  const vct = `${origin}/credentials/${outline.slug}/${version}`
  const own: OwnTerm = (term) => `${origin}/credentials/vocabulary/${version}#${term}`
  const table = outline.table(own)
  const claims = definitionsOf(table)
  const metadata = typeMetadata({ vct, label, description, claims })
  const context = jsonLdContext({ url: `${vct}/context`, vcdmType, subjectTypes, table, own })
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${vct}/schema`,
    ...schemaOf(table),
  }
  return {
    name,
    vct,
    vcdmType,
    vctIntegrity: integrityOf(metadata),
    contexts: ['https://www.w3.org/ns/credentials/v2', context.url],
    types: ['VerifiableCredential', vcdmType],
    subjectTypes,
    claims,
    schema,
    holderBinding: 'required',
    validate: schemaJudge(schema),
    metadata,
    context,
    label,
  }
}

function isHttpsOrigin(origin: unknown): origin is string {
  return typeof origin === 'string' && URL.canParse(origin)
    ? new URL(origin).origin === origin && origin.startsWith('https://')
    : false
}

const citizenshipOutline: Outline = {
  name: 'citizenship',
  slug: 'citizenship',
  vcdmType: 'CitizenshipCredential',
  subjectTypes: ['Person', 'Citizen'],
  label: { be: 'Пасведчанне аб грамадзянстве', en: 'Citizenship credential' },
  description: {
    be: 'Пацвярджае грамадзянства лічбавай дзяржавы. Не з’яўляецца дакументам для паездак.',
    en: 'Attests citizenship of a digital nation. It is no travel document.',
  },
  table: citizenshipTable,
}

const residencyOutline: Outline = {
  name: 'residency',
  slug: 'residency',
  vcdmType: 'ResidencyCredential',
  subjectTypes: ['Person', 'Resident'],
  label: { be: 'Пасведчанне аб месцы жыхарства', en: 'Residency credential' },
  description: {
    be: 'Пацвярджае, у якой краіне жыве чалавек і як доўга.',
    en: 'Attests in which country a person lives, and for how long.',
  },
  table: residencyTable,
}

const professionOutline: Outline = {
  name: 'profession',
  slug: 'profession',
  vcdmType: 'ProfessionCredential',
  subjectTypes: ['Person', 'Professional'],
  label: { be: 'Пасведчанне аб прафесіі', en: 'Profession credential' },
  description: {
    be: 'Пацвярджае прафесію і права працаваць па ёй.',
    en: 'Attests a profession and the right to practise it.',
  },
  table: professionTable,
}

const taxReceiptOutline: Outline = {
  name: 'taxReceipt',
  slug: 'tax-receipt',
  vcdmType: 'TaxReceiptCredential',
  subjectTypes: ['Taxpayer'],
  label: { be: 'Квітанцыя аб уплаце падатку', en: 'Tax receipt' },
  description: {
    be: 'Пацвярджае ўплату падатку за год, не называючы чалавека.',
    en: 'Attests that tax for a year was paid, without naming the person.',
  },
  table: taxReceiptTable,
}
