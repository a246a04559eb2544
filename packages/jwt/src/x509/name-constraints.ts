import { badDer, childrenOf, type Der, readDer, tags, unsupported } from './der.ts'
import { type DistinguishedName, isWithin } from './distinguished-name.ts'
import { forms, type GeneralName, generalNameOf } from './general-name.ts'

/** What the certificates below an authority may be called. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** The names of a certificate that constraints apply to. */
export interface ConstrainedNames {
  readonly subject: DistinguishedName
  readonly alternatives: readonly GeneralName[]
}

/** What a certificate in the path is called against what one above allows. */
export type Violation = 'not-permitted' | 'unknown-form' | 'too-many'

/** 4.2.1.10: minimum is 0 and left out, maximum is absent. */
export function nameConstraintsOf(value: Uint8Array): NameConstraints {
  const members = childrenOf(readDer(value, tags.sequence))
  const subtrees = (tag: number): readonly GeneralName[] =>
    members.filter((member) => member.tag === tag).flatMap((list) => childrenOf(list).map(baseOf))
  if (members.length === 0 || members.length > 2) throw badDer()
  if (members.some(({ tag }, at) => (tag !== 0xa0 || at > 0) && tag !== 0xa1)) throw badDer()
  return { permitted: subtrees(0xa0), excluded: subtrees(0xa1) }
}

function baseOf(subtree: Der): GeneralName {
  if (subtree.tag !== tags.sequence) throw badDer()
  const [base, minimum, ...rest] = childrenOf(subtree)
  if (base === undefined) throw badDer()
  // A minimum of 0 that is written says what leaving it out says.
  const zero = minimum?.tag === 0x80 && minimum.content.length === 1 && minimum.content[0] === 0
  if (rest.length > 0 || (minimum !== undefined && !zero)) {
    throw unsupported('name constraints with minimum or maximum are not processed here')
  }
  return generalNameOf(base)
}

/** Pairs of name and subtree that are compared at most: more is a way to keep a verifier busy. */
const maxPairs = 65_536

/**
 * Whether a certificate is called what the certificates above it allow: each form of name that one
 * of them permits must be within one of that one's subtrees, and none within what is excluded.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3 (b) and (c)
 */
export function violationOf(
  { subject, alternatives }: ConstrainedNames,
  { permitted, excluded }: NameConstraints,
): Violation | undefined {
  const names: readonly GeneralName[] = [
    ...(subject.parts.length > 0 ? [{ tag: forms.directory, name: subject }] : []),
    // 4.2.1.10: addresses in the subject are held to constraints on addresses.
    ...subject.emails.map((text) => ({ tag: forms.email, text })),
    ...alternatives,
  ]
  if (names.length * (permitted.length + excluded.length) > maxPairs) return 'too-many'
  for (const name of names) {
    const of = (bases: readonly GeneralName[]): readonly GeneralName[] =>
      bases.filter(({ tag }) => tag === name.tag)
    const [within, outside] = [of(permitted), of(excluded)]
    if (within.length + outside.length === 0) continue
    const known = matchers[name.tag]
    if (known === undefined) return 'unknown-form'
    if (within.length > 0 && !within.some((base) => known(name, base) === true)) {
      return 'not-permitted'
    }
    // What cannot be compared is not known to be outside.
    if (outside.some((base) => known(name, base) !== false)) return 'not-permitted'
  }
  return undefined
}

/** Whether a name is within a subtree; `undefined` where that cannot be said. */
type Matcher = (name: GeneralName, base: GeneralName) => boolean | undefined

const matchers: Readonly<Record<number, Matcher>> = {
  [forms.directory]: ({ name }, { name: base }) => name && base && isWithin(name, base),
  [forms.dns]: ({ text }, { text: base }) =>
    text === undefined || base === undefined ? undefined : isBelow(text, base, true),
  [forms.uri]: ({ text }, { text: base }) => {
    // The host of the authority, a name and no address, or the certificate is refused.
    const host = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([A-Za-z0-9.-]+)(?::\d*)?(?:[/?#]|$)/
    const named = host.exec(text ?? '')?.[1]
    if (named === undefined || base === undefined || /^[\d.]+$/.test(named)) return undefined
    return isBelow(named, base, false)
  },
  [forms.email]: ({ text }, { text: base }) => {
    const at = text?.lastIndexOf('@') ?? -1
    if (text === undefined || base === undefined || at < 1) return undefined
    const [local, host] = [text.slice(0, at), text.slice(at + 1)]
    const split = base.lastIndexOf('@')
    if (split < 0) return isBelow(host, base, false)
    return (
      local === base.slice(0, split) && host.toLowerCase() === base.slice(split + 1).toLowerCase()
    )
  },
  [forms.ip]: ({ bytes = new Uint8Array() }, { bytes: base = new Uint8Array() }) => {
    const size = bytes.length
    if ((size !== 4 && size !== 16) || (base.length !== 8 && base.length !== 32)) return undefined
    if (base.length !== 2 * size) return false
    return bytes.every((byte, at) => {
      const mask = base[size + at] as number
      return (byte & mask) === ((base[at] as number) & mask)
    })
  },
}

/**
 * Hosts: `.example` means everything below, of DNS names `example` means itself and everything
 * below, of others itself alone. Case counts for nothing.
 */
function isBelow(name: string, base: string, names: boolean): boolean {
  const [host, of] = [name.toLowerCase().replace(/\.$/, ''), base.toLowerCase()]
  if (of === '') return true
  if (of.startsWith('.')) return host.endsWith(of) && host.length > of.length
  return host === of || (names && host.endsWith(`.${of}`))
}
