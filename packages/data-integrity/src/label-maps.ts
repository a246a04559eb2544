import { AsobaError, toBase64url, utf8 } from '@asoba/core'
import type { Hmac } from './hmac.ts'

/**
 * Makes new labels for the blank nodes of a dataset: from the label in the input and the canonical
 * one (`c14n0`), to the label in the input and the new one. All without `_:`.
 */
export type LabelMapFactory = (
  canonical: ReadonlyMap<string, string>,
) => Promise<ReadonlyMap<string, string>>

/**
 * Labels by HMAC, as ecdsa-sd-2023 has them: `u` and the base64url of the HMAC of the canonical label.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#createhmacidlabelmapfunction
 */
export function hmacLabels(hmac: Hmac): LabelMapFactory {
  return async (canonical) => {
    const labels = new Map<string, string>()
    for (const [input, label] of canonical) {
      labels.set(input, `u${toBase64url(await hmac(utf8(label)))}`)
    }
    return labels
  }
}

/**
 * Labels `b0`, `b1`, … in the order of the HMACs, as bbs-2023 has them: they tell nothing but how
 * many there are.
 *
 * @see https://www.w3.org/TR/vc-di-bbs/#createshuffledidlabelmapfunction
 */
export function shuffledHmacLabels(hmac: Hmac): LabelMapFactory {
  const byHmac = hmacLabels(hmac)
  return async (canonical) => {
    const labels = await byHmac(canonical)
    const order = [...labels.values()].sort()
    return new Map([...labels].map(([input, label]) => [input, `b${order.indexOf(label)}`]))
  }
}

/**
 * Labels that a derived proof gives, by canonical label. Every blank node must have one and no two
 * the same: else a holder could let two nodes pass for one.
 *
 * @throws AsobaError `proof.malformed`, from the returned function
 * @see https://www.w3.org/TR/vc-di-ecdsa/#createlabelmapfunction
 */
export function givenLabels(given: ReadonlyMap<string, string>): LabelMapFactory {
  return async (canonical) => {
    const labels = new Map<string, string>()
    for (const [input, label] of canonical) {
      const chosen = given.get(label)
      if (chosen !== undefined) labels.set(input, chosen)
    }
    const distinct = new Set(labels.values()).size
    if (distinct !== canonical.size || given.size !== canonical.size) {
      throw new AsobaError('proof.malformed', 'the label map does not fit the document')
    }
    return labels
  }
}
