import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  canonicalize,
  equalBytes,
  type HolderProof,
  isJsonObject,
  type JsonObject,
  type Vault,
} from '@asoba/core'
import { type Formats, recognise, viewOf } from './formats.ts'
import { likenessOf, readGroups } from './groups.ts'
import {
  type Copy,
  deletePrepared,
  type PreparedKey,
  putCopy,
  randomId,
  readPrepared,
} from './records.ts'

/**
 * Puts credentials into the vault: all of them or, where one is not acceptable, none.
 * Ids of the credentials they belong to.
 *
 * @throws AsobaError `wallet.unknown-format`, `credential.malformed`, `wallet.credential-not-ours`,
 * `wallet.credential-unexpected`
 */
export async function receiveInto(
  vault: Vault,
  formats: Formats,
  received: readonly (string | JsonObject)[],
  given: {
    expected(view: CredentialView, format: string): boolean
    readonly copiesOfOne: boolean
    readonly now: Date
  },
): Promise<ReadonlySet<string>> {
  const waiting = (await readPrepared(vault)).filter(({ expires }) => given.now < expires)
  const known = new Map<string, string>()
  const likenesses = new Map<string, string>()
  for (const { id, format, copies } of await readGroups(vault, formats)) {
    for (const { copy, view } of copies) {
      known.set(textOf(copy.wire), id)
      likenesses.set(likenessOf(format, view), id)
    }
  }
  const accepted: { readonly copy: Copy; readonly key: PreparedKey | undefined }[] = []
  const ids = new Set<string>()
  for (const wire of received) {
    const claimants = recognise(formats, wire)
    const text = textOf(wire)
    const duplicateOf = known.get(text)
    if (duplicateOf !== undefined) {
      ids.add(duplicateOf)
      continue
    }
    const { format, view, key } = await ownerOf(claimants, wire, waiting)
    if (!given.expected(view, format.id)) {
      throw new AsobaError(
        'wallet.credential-unexpected',
        'the credential is not what was asked for',
      )
    }
    const likeness = likenessOf(format.id, view)
    const group = likenesses.get(likeness) ?? randomId()
    likenesses.set(likeness, group)
    known.set(text, group)
    ids.add(group)
    if (given.copiesOfOne && ids.size > 1) {
      throw new AsobaError(
        'wallet.credential-unexpected',
        'the copies are not of one credential: they say different things',
      )
    }
    const retained = key?.retained ?? new Uint8Array()
    accepted.push({
      copy: { id: randomId(), group, format: format.id, wire, retained, used: false },
      key,
    })
  }
  for (const { copy, key } of accepted) {
    // The copy first: a crash between the two loses nothing.
    await putCopy(vault, copy)
    if (key !== undefined) await deletePrepared(vault, key.id)
  }
  return ids
}

/** The format that a credential is of, and the key that it is bound to, which waits no longer. */
async function ownerOf(
  claimants: readonly CredentialFormat[],
  wire: string | JsonObject,
  waiting: PreparedKey[],
): Promise<{
  readonly format: CredentialFormat
  readonly view: CredentialView
  readonly key: PreparedKey | undefined
}> {
  for (const format of claimants) {
    const view = viewOf(format, wire)
    const bearer = view.holder.kind === 'bearer'
    const key = bearer ? undefined : await takeKey(waiting, format, wire, view)
    if (bearer || key !== undefined) return { format, view, key }
  }
  throw new AsobaError(
    'wallet.credential-not-ours',
    'the credential is not bound to a key that this wallet prepared for it',
  )
}

/** The key that a credential is bound to, taken out of the keys that wait: one key, one credential. */
async function takeKey(
  waiting: PreparedKey[],
  format: CredentialFormat,
  wire: string | JsonObject,
  { holder }: CredentialView,
): Promise<PreparedKey | undefined> {
  const secured = { format: format.id, wire }
  let at = -1
  for (const [index, { format: id, proof, retained }] of waiting.entries()) {
    if (id !== format.id) continue
    const fits =
      format.accepts === undefined
        ? sameHolder(proof, holder)
        : await format.accepts(secured, retained)
    if (!fits) continue
    at = index
    break
  }
  return at < 0 ? undefined : waiting.splice(at, 1)[0]
}

/** Whether two proofs are of one key or commitment. */
export function sameHolder(a: HolderProof, b: HolderProof): boolean {
  if (a.kind === 'jwk' && b.kind === 'jwk') {
    return (['kty', 'crv', 'x', 'y'] as const).every(
      (name) => a.publicJwk[name] === b.publicJwk[name],
    )
  }
  return (
    a.kind === 'bbs-commitment' &&
    b.kind === 'bbs-commitment' &&
    equalBytes(a.commitmentWithProof, b.commitmentWithProof)
  )
}

function textOf(wire: string | JsonObject): string {
  return isJsonObject(wire) ? canonicalize(wire) : wire
}
