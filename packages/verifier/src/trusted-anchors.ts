import type { AnchorEntry, TrustPolicy } from '@asoba/core'

/** Authorities in the shorthand of {@link trustedAnchors}: an entry without what goes without saying. */
export type TrustedAnchors = Omit<AnchorEntry, 'types' | 'mechanism' | 'anyUnderAnchors'>

/**
 * A policy that trusts everybody who stands under the anchors of authorities, each for the types it
 * is listed under: by type as a shorthand, or as entries. The issuer of a credential is then the
 * subject of its leaf, and `iss` a claim like another. Put it beside who is trusted by name:
 * whoever is, for a type, is judged by that entry alone.
 *
 * ```ts
 * combine(trustedIssuers({ citizenship: ['did:web:registry.example'] }),
 *   trustedAnchors({ pid: [{ anchors, usage: '1.3.130.2.0.0.1.1' }] }))
 * ```
 *
 * @throws TypeError where an entry does not say what it must, or two stand for everybody under one
 * anchor for one type
 */
export function trustedAnchors(
  trusted: Readonly<Record<string, readonly TrustedAnchors[]>> | readonly AnchorEntry[],
): TrustPolicy {
  const entries = isEntries(trusted)
    ? trusted.map((entry) => ({ ...entry }))
    : Object.entries(trusted).flatMap(([type, each]) =>
        each.map(
          (one): AnchorEntry => ({
            ...one,
            types: [type],
            mechanism: 'x509',
            anyUnderAnchors: true,
          }),
        ),
      )
  const seen = new Set<string>()
  for (const entry of entries) {
    const fault = faultOfAnchors(entry)
    if (fault !== undefined) throw new TypeError(fault)
    // Of two, the one that demands less would decide.
    for (const type of entry.types) {
      for (const anchor of entry.anchors) {
        const pair = `${type} ${anchor}`
        if (seen.has(pair)) throw new TypeError('an anchor is trusted for a type once, not twice')
        seen.add(pair)
      }
    }
  }
  const all = async (type: string): Promise<readonly AnchorEntry[]> =>
    entries.filter((entry) => entry.types.includes(type))
  return { entries: async () => [], anchored: ({ type }) => all(type), all }
}

/** What is wrong with an entry, as a sentence; shared with the reader of signed lists. */
export function faultOfAnchors(entry: AnchorEntry): string | undefined {
  const { anyUnderAnchors, mechanism, types, anchors, issuer, keys } = entry
  if (anyUnderAnchors !== true || mechanism !== 'x509') {
    return 'an entry for everybody under anchors says so (anyUnderAnchors), and x509'
  }
  if (issuer !== undefined || keys !== undefined) {
    return 'an entry for everybody under anchors names no issuer and pins no key'
  }
  if (!Array.isArray(types) || types.length === 0) return 'a trust entry names types'
  if (!Array.isArray(anchors) || anchors.length === 0) return 'there are no anchors'
  const { usage: own, statusAnchors } = entry
  for (const usage of [own, statusAnchors?.usage]) {
    const oids = typeof usage === 'string' ? [usage] : usage
    if (oids?.length === 0 || oids?.every((oid) => /^[0-2](\.\d+)+$/.test(oid)) === false) {
      return 'a usage is the OID of an extended key usage'
    }
  }
  if (statusAnchors?.anchors.length === 0) return 'there are no anchors'
  return undefined
}

function isEntries(
  trusted: Readonly<Record<string, readonly TrustedAnchors[]>> | readonly AnchorEntry[],
): trusted is readonly AnchorEntry[] {
  return Array.isArray(trusted)
}
