import { credentialsV1 } from './credentials-v1.ts'
import { credentialsV2 } from './credentials-v2.ts'
import { dataIntegrityV1 } from './data-integrity-v1.ts'
import { dataIntegrityV2 } from './data-integrity-v2.ts'
import { multikeyV1 } from './multikey-v1.ts'

/** A JSON-LD context that comes with the package, so that nobody fetches it. */
export interface BundledContext {
  /** Its name in a document. */
  readonly url: string
  /** SHA-256 of the text in UTF-8, lower-case hex, as its publisher gives it. */
  readonly sha256: string
  /** The text as published, byte for byte. */
  readonly text: string
}

/**
 * The contexts that every issuer uses: the VC data model 1.1 and 2.0, Data Integrity 1 and 2,
 * Multikey. Those of credential types come from the caller.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#base-context
 * @see https://www.w3.org/TR/vc-data-integrity/#contexts-and-vocabularies
 */
export const bundledContexts: readonly BundledContext[] = [
  credentialsV1,
  credentialsV2,
  dataIntegrityV1,
  dataIntegrityV2,
  multikeyV1,
]
