/**
 * Suites that were there before Data Integrity had cryptosuites, to read what people hold of them:
 * they verify and do not sign. With the contexts that such documents name.
 *
 * @module
 */

import type { BundledContext } from './contexts/bundled.ts'
import { ed25519Signature2018V1 } from './contexts/ed25519-2018-v1.ts'
import { ed25519Signature2020V1 } from './contexts/ed25519-2020-v1.ts'
import { statusList2021V1 } from './contexts/status-list-2021-v1.ts'
import type { ContextDocument } from './rdf-processor.ts'

export { ed25519Signature2018, ed25519Signature2020 } from './linked-data/ed25519.ts'

/**
 * The contexts that documents of these suites name beside those of the data model: of the suites,
 * and of status lists of 2021. Give them to `createJsonLd`.
 */
export const linkedDataContexts: readonly ContextDocument[] = [
  ed25519Signature2018V1,
  ed25519Signature2020V1,
  statusList2021V1,
].map(({ url, text }: BundledContext) => ({
  url,
  document: JSON.parse(text) as ContextDocument['document'],
}))
