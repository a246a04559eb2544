import { AsobaError, type JsonObject, utf8 } from '@asoba/core'
import {
  canonicalizeAndGroup,
  createHmac,
  type RdfProcessor,
  selectJsonLd,
  shuffledHmacLabels,
  verifierLabels,
} from '@asoba/data-integrity/primitives'
import type { BaseProofValue } from './proof-value.ts'

/** What a holder shows of a document, before BBS comes in. */
export interface Disclosure {
  /** Everything that was signed, in order. */
  readonly messages: readonly Uint8Array[]
  readonly labels: ReadonlyMap<string, string>
  readonly mandatoryIndexes: readonly number[]
  readonly selectiveIndexes: readonly number[]
  /** The part of the document that is shown, without `proof`. */
  readonly document: JsonObject
}

/**
 * What JSON pointers, and the issuer's mandatory ones, show of a document.
 *
 * @throws AsobaError `jsonld.*` as the processor; `disclosure.pointer-unknown`; `proof.malformed`
 * where nothing would be shown
 * @see https://www.w3.org/TR/vc-di-bbs/#createdisclosuredata
 */
export async function disclose(
  processor: RdfProcessor,
  document: JsonObject,
  options: {
    readonly base: Pick<BaseProofValue, 'hmacKey' | 'mandatoryPointers'>
    readonly pointers: readonly string[]
  },
): Promise<Disclosure> {
  // Steps 1 to 6.
  const { hmacKey, mandatoryPointers: mandatory } = options.base
  const selective = options.pointers
  const combined = [...mandatory, ...selective]
  const { groups, labels } = await canonicalizeAndGroup(processor, document, {
    labels: shuffledHmacLabels(await createHmac(hmacKey)),
    groups: { mandatory, selective, combined },
  })
  // Steps 7 to 9: mandatory statements among those shown.
  const shown = [...groups.combined.matching.keys()]
  const mandatoryIndexes = shown.flatMap((absolute, relative) =>
    groups.mandatory.matching.has(absolute) ? relative : [],
  )
  // Steps 10 to 12: selected statements among the messages.
  const nonMandatory = [...groups.mandatory.nonMatching]
  const selectiveIndexes = nonMandatory.flatMap(([absolute], relative) =>
    groups.selective.matching.has(absolute) ? relative : [],
  )
  const revealed = selectJsonLd(document, combined)
  if (revealed === undefined) {
    throw new AsobaError('proof.malformed', 'nothing of the document would be shown')
  }
  return {
    messages: nonMandatory.map(([, statement]) => utf8(statement)),
    labels: await verifierLabels(processor, groups.combined, labels),
    mandatoryIndexes,
    selectiveIndexes,
    document: revealed,
  }
}
