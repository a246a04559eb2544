import { childrenOf, readDer, tags } from './der.ts'
import type { Extension } from './fields.ts'

/** Key identifier of an authority key identifier extension, where it has one. */
export function authorityKeyIdOf(extension: Extension | undefined): Uint8Array | undefined {
  if (extension === undefined) return undefined
  const members = childrenOf(readDer(extension.value, tags.sequence))
  return members.find(({ tag }) => tag === 0x80)?.content
}

/** Key identifier of a subject key identifier extension. */
export function subjectKeyIdOf(extension: Extension | undefined): Uint8Array | undefined {
  return extension && readDer(extension.value, tags.octetString).content
}
