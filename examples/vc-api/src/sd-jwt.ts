import { baseContext, type ClaimsPath, isJsonObject, type Json, type JsonObject } from '@asoba/core'

/** A `vc+sd-jwt` as an `EnvelopedVerifiableCredential`. */
export function envelopeSdJwt(token: string): JsonObject {
  const type = 'EnvelopedVerifiableCredential'
  return { '@context': baseContext, id: `${prefixOf('vc')}${token}`, type }
}

/** Whether an envelope says that there is an SD-JWT of that kind in it. */
export function holdsSdJwt(
  value: Json | undefined,
  kind: 'vc' | 'vp',
): value is JsonObject & { readonly id: string } {
  if (!isJsonObject(value)) return false
  const { id } = value
  return typeof id === 'string' && id.startsWith(prefixOf(kind))
}

/** The text in an envelope that holds a `vc+sd-jwt`. */
export function sdJwtIn({ id }: { readonly id: string }): string {
  return id.slice(prefixOf('vc').length)
}

function prefixOf(kind: 'vc' | 'vp'): string {
  return `data:application/${kind}+sd-jwt,`
}

/** Paths to every claim of the subjects, but to what they are called and of which type they are. */
export function subjectPaths(credential: JsonObject): readonly ClaimsPath[] {
  const { credentialSubject: subjects } = credential
  const claims = (subject: Json, path: ClaimsPath): readonly ClaimsPath[] =>
    isJsonObject(subject)
      ? Object.keys(subject)
          .filter((name) => name !== 'id' && name !== 'type')
          .map((name) => [...path, name])
      : []
  return Array.isArray(subjects)
    ? subjects.flatMap((one, index) => claims(one, ['credentialSubject', index]))
    : claims(subjects ?? null, ['credentialSubject'])
}

/** A JSON pointer as a path into claims; undefined where it is none. */
export function pathOfPointer(pointer: string): ClaimsPath | undefined {
  if (!pointer.startsWith('/')) return undefined
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^(?:0|[1-9]\d{0,8})$/.test(part) ? Number(part) : part))
}
