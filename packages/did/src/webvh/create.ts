import type { JsonObject } from '@asoba/core'
import {
  append,
  parametersOf,
  type WebvhLog,
  type WebvhSettings,
  type WebvhSigning,
} from './append.ts'
import { scidOfEntry } from './hash.ts'
import { placeholder, type WebvhPlace, webvhPlaceholderDid } from './identifier.ts'
import { webvhMethodVersion } from './parameters.ts'
import { formatUtc } from './time.ts'

/** What {@link createWebvh} is given. */
export interface CreateWebvhOptions extends WebvhPlace, WebvhSettings, WebvhSigning {
  readonly updateKeys: readonly string[]
  /** Whether the DID may move to another host later; it cannot be allowed afterwards. */
  readonly portable?: boolean
  /**
   * Members of the document beside `id`. It is called with the DID in which `{SCID}`
   * stands for what is not known yet, to be used wherever the DID is named.
   */
  readonly document?: (did: string) => JsonObject
}

/**
 * Creates a did:webvh DID: its first log entry.
 *
 * @throws TypeError where the place or the signer cannot be used
 * @throws AsobaError `did.webvh-invalid` where the log would not be valid, e.g. the signer is
 * none of the update keys
 * @see https://identity.foundation/didwebvh/v1.0/#create-register
 */
export async function createWebvh(options: CreateWebvhOptions): Promise<WebvhLog> {
  // 1 to 3: the DID and its document, with placeholders.
  const did = webvhPlaceholderDid(options, options)
  const state = {
    '@context': defaultContexts,
    ...options.document?.(did),
    id: did,
  }
  // 4: the preliminary entry.
  const draft = {
    versionId: placeholder,
    versionTime: formatUtc(options.now),
    parameters: {
      method: webvhMethodVersion,
      scid: placeholder,
      ...(await parametersOf(options)),
      portable: options.portable ?? false,
    },
    state,
  }
  // 5.1 and 5.2: the SCID takes the place of every placeholder.
  const scid = await scidOfEntry(draft, placeholder)
  const { parameters, state: named } = JSON.parse(
    JSON.stringify(draft).replaceAll(placeholder, scid),
  ) as { readonly parameters: JsonObject; readonly state: JsonObject }
  // 5.3 to 6.
  return append('', { number: 1, before: scid, parameters, state: named }, options)
}

const defaultContexts = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1']
