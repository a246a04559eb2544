import { type CredentialView, digest, toBase64url, utf8 } from '@asoba/core'
import { type Group, isCurrent } from './groups.ts'
import type { Copy } from './records.ts'

/**
 * Whether a copy may be shown again. Whoever sees one copy twice knows that it was
 * one person: `never` is the only choice that tells nobody anything.
 */
export type Reuse = 'never' | 'same-verifier' | 'any'

/** For whom and when a copy is wanted. */
export interface Use {
  readonly reuse: Reuse
  readonly audience: string
  readonly now: Date
}

/** The copies that may be shown, the best first. */
export async function usableCopies(group: Group, use: Use): Promise<readonly Copy[]> {
  const current = group.copies.filter(({ view }) => isCurrent(view, use.now))
  const shown: Copy[] = []
  const fresh: Copy[] = []
  for (const { copy, view } of current) {
    if (!copy.used || !isLinkable(view)) fresh.push(copy)
    else if (use.reuse === 'any') shown.push(copy)
    else if (use.reuse === 'same-verifier' && (await wasFor(copy, use.audience))) shown.push(copy)
  }
  // To the same verifier the same copy tells nothing new; elsewhere a fresh one comes first.
  return use.reuse === 'same-verifier' ? [...shown, ...fresh] : [...fresh, ...shown]
}

/** How many presentations are left; infinite where none can be told from another. */
export async function copiesLeft(group: Group, use: Use): Promise<number> {
  const copies = await usableCopies(group, use)
  const unlinkable = group.copies.some(({ view }) => !isLinkable(view) && isCurrent(view, use.now))
  return unlinkable ? Number.POSITIVE_INFINITY : copies.length
}

/** The copy as it is written down before it is handed out. Whom it went to is kept only where that is needed. */
export async function markUsed(copy: Copy, use: Use): Promise<Copy> {
  const { usedFor: _, ...rest } = copy
  return use.reuse === 'same-verifier'
    ? { ...rest, used: true, usedFor: await digestFor(copy, use.audience) }
    : { ...rest, used: true }
}

async function wasFor(copy: Copy, audience: string): Promise<boolean> {
  return copy.usedFor === (await digestFor(copy, audience))
}

// Salted by the record's own random name: no list of visited verifiers can be compared.
async function digestFor(copy: Copy, audience: string): Promise<string> {
  return toBase64url(await digest('SHA-256', utf8(`${copy.id}|${audience}`)))
}

/** A signature that is shown as it is tells two presentations together; a derived proof does not. */
function isLinkable(view: CredentialView): boolean {
  return view.holder.kind !== 'bbs-commitment'
}
