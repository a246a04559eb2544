import {
  AsobaError,
  type CredentialType,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  type ScopeKind,
} from '@asoba/core'
import { compiledProcessor, type RdfProcessor } from '@asoba/data-integrity/compiled'
import { blindProfile, type Profile, pseudonymProfile } from '../scheme.ts'
import { type CredentialShape, shapeOf } from '../shape/specimen.ts'
import type { FeatureOption } from '../suite/proof-value.ts'

/** A credential type with its JSON-LD context, as `nationTypes` of `@asoba/credentials` has it. */
export interface BbsCredentialType extends CredentialType {
  /** The last of `contexts`: where it is served, and its exact bytes. */
  readonly context: { readonly url: string; readonly bytes: Uint8Array }
}

/** What issuer, holder and verifier of BBS credentials agree on beforehand, type by type. */
export interface Bbs2023Profile {
  readonly types: readonly BbsCredentialType[]
  /**
   * Nym secrets in each credential of these types, 1 to 64; 16 is what spec/pseudonyms.md advises
   * for elections. With 0 credentials show no pseudonym.
   */
  readonly nyms: number
  /** In which scopes the nyms are used: of services, or of elections; never of both. `service` when left out. */
  readonly scopes?: ScopeKind
  /** Days of an epoch, the whole life of a credential; 90 when left out. */
  readonly epochDays?: number
  /** Name of the format, where a wallet has several of them; `ldp_vc/bbs-2023` when left out. */
  readonly id?: string
}

/** A profile with all that follows from it. */
export interface Settings {
  readonly id: string
  readonly nyms: number
  readonly scopes: ScopeKind
  readonly epochDays: number
  readonly feature: FeatureOption
  readonly processor: RdfProcessor
  /** The one type that these are the types of; undefined where it is none or several. */
  typeOf(types: Json | undefined): BbsCredentialType | undefined
  /** Shape and scheme of a type; computed once. */
  shapeOf(type: BbsCredentialType): Promise<Shape>
}

/** L, the places of claims, and the profile of the scheme. */
export interface Shape extends CredentialShape {
  readonly profile: Profile<'blind'> | Profile<'pseudonym'>
}

/** How a verifying half is told what it must be told. @throws TypeError where it makes no sense */
export function settingsOf(options: Bbs2023Profile): Settings {
  const { types, nyms, scopes = 'service', epochDays = 90, id = 'ldp_vc/bbs-2023' } = options
  if (types.length === 0) throw new TypeError('bbs-2023 needs at least one type')
  if (!Number.isInteger(nyms) || nyms < 0 || nyms > 64) throw new TypeError('nyms is 0 to 64')
  if (!Number.isInteger(epochDays) || epochDays < 1 || epochDays > 366) {
    throw new TypeError('epochDays is 1 to 366')
  }
  const processor = compiledProcessor({ contexts: types.map(contextOf) })
  const shapes = new Map<string, Promise<Shape>>()
  return {
    id,
    nyms,
    scopes,
    epochDays,
    feature: nyms === 0 ? 'anonymous_holder_binding' : 'pseudonym',
    processor,
    typeOf: (value) => {
      const found = types.filter((type) => sameTexts(value, type.types))
      return found.length === 1 ? found[0] : undefined
    },
    shapeOf: (type) => {
      const known = shapes.get(type.vcdmType)
      if (known !== undefined) return known
      const made = shapeOf(type, processor).then((shape) => ({
        ...shape,
        profile: schemeProfile(shape.messages, nyms),
      }))
      shapes.set(type.vcdmType, made)
      return made
    },
  }
}

/** M is 1 without nyms, the holder's secret, and 0 with nyms, which hold the credential themselves. */
export function schemeProfile(messages: number, nyms: number): Shape['profile'] {
  return nyms === 0
    ? blindProfile({ messages, committed: 1 })
    : pseudonymProfile({ messages, committed: 0, nyms })
}

/** Whether a value is an array of just these texts, in this order. */
export function sameTexts(value: Json | undefined, texts: readonly string[]): boolean {
  return (
    Array.isArray(value) &&
    value.length === texts.length &&
    value.every((one: Json, at) => one === texts[at])
  )
}

/** The one proof of a BBS credential in wire form, and the credential without it. */
export function partsOf(
  wire: unknown,
): { readonly credential: JsonObject; readonly proof: JsonObject } | undefined {
  if (!isJsonObject(wire)) return undefined
  const { proof, ...credential } = wire
  if (!isJsonObject(proof)) return undefined
  return proof['type'] === 'DataIntegrityProof' && proof['cryptosuite'] === 'bbs-2023'
    ? { credential, proof }
    : undefined
}

/** As {@link partsOf}, of a credential in the wallet. @throws AsobaError `credential.malformed` */
export function readParts(
  wire: unknown,
  settings: Settings,
): {
  readonly credential: JsonObject
  readonly proof: JsonObject
  readonly type: BbsCredentialType
} {
  const parts = partsOf(wire)
  const type = parts && settings.typeOf(parts.credential['type'])
  if (parts === undefined || type === undefined) {
    throw new AsobaError('credential.malformed', 'it is no BBS credential of a type of this format')
  }
  return { ...parts, type }
}

function contextOf({ context }: BbsCredentialType): {
  readonly url: string
  readonly document: JsonObject
} {
  const document = parseJson(context.bytes)
  if (!isJsonObject(document)) throw new TypeError('the context of a type is no JSON object')
  return { url: context.url, document }
}
