import {
  bytesOfBase64url,
  type HolderProof,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  toBase64url,
  utf8,
  type Vault,
} from '@asoba/core'

/** A holder key that waits for the credential it was made for. */
export interface PreparedKey {
  readonly id: string
  readonly format: string
  readonly proof: HolderProof
  readonly retained: Uint8Array
  readonly expires: Date
}

/** One copy of a credential, with the secret it is presented with. */
export interface Copy {
  readonly id: string
  /** Copies of one credential share it; random, so that it says nothing. */
  readonly group: string
  readonly format: string
  readonly wire: string | JsonObject
  readonly retained: Uint8Array
  readonly used: boolean
  /** Salted digest of the one verifier it was used for; only where copies are reused by verifier. */
  readonly usedFor?: string
}

const preparedPrefix = 'asoba/prepared/'
const copyPrefix = 'asoba/copy/'
const limits = { maxLength: 8_388_608, maxDepth: 72 }

/** A random name; the vault sees nothing else of a record from outside. */
export function randomId(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(16)))
}

/** Writes a key that waits. */
export async function putPrepared(vault: Vault, key: PreparedKey): Promise<void> {
  const { id, format, proof, retained, expires } = key
  await put(vault, `${preparedPrefix}${id}`, {
    format,
    proof: proofToJson(proof),
    retained: toBase64url(retained),
    expires: Math.floor(expires.getTime() / 1000),
  })
}

/** Writes one copy. */
export async function putCopy(vault: Vault, copy: Copy): Promise<void> {
  const { id, group, format, wire, retained, used, usedFor } = copy
  await put(vault, `${copyPrefix}${id}`, {
    group,
    format,
    wire,
    retained: toBase64url(retained),
    used,
    ...(usedFor === undefined ? {} : { usedFor }),
  })
}

/** Deletes a key that waits no more. */
export async function deletePrepared(vault: Vault, id: string): Promise<void> {
  await vault.delete(`${preparedPrefix}${id}`)
}

/** Deletes one copy. */
export async function deleteCopy(vault: Vault, id: string): Promise<void> {
  await vault.delete(`${copyPrefix}${id}`)
}

/** All keys that wait. A record that cannot be read is passed over: it is never presented. */
export async function readPrepared(vault: Vault): Promise<readonly PreparedKey[]> {
  return readAll(vault, preparedPrefix, (id, record): PreparedKey => {
    const { format, proof, retained, expires } = record
    return {
      id,
      format: textOf(format),
      proof: proofFromJson(proof),
      retained: bytesOfBase64url(textOf(retained)),
      expires: new Date(Number(expires) * 1000),
    }
  })
}

/** All copies. A record that cannot be read is passed over. */
export async function readCopies(vault: Vault): Promise<readonly Copy[]> {
  return readAll(vault, copyPrefix, (id, record): Copy => {
    const { group, format, wire, retained, used, usedFor } = record
    return {
      id,
      group: textOf(group),
      format: textOf(format),
      wire: isJsonObject(wire) ? wire : textOf(wire),
      retained: bytesOfBase64url(textOf(retained)),
      // Anything but a clear «no» counts as used.
      used: used !== false,
      ...(usedFor === undefined ? {} : { usedFor: textOf(usedFor) }),
    }
  })
}

async function put(vault: Vault, id: string, record: JsonObject): Promise<void> {
  await vault.set(id, utf8(JSON.stringify(record)))
}

async function readAll<T>(
  vault: Vault,
  prefix: string,
  read: (id: string, record: JsonObject) => T,
): Promise<readonly T[]> {
  const found: T[] = []
  const ids = (await vault.list()).filter((id) => id.startsWith(prefix))
  for (const id of ids) {
    const bytes = await vault.get(id)
    const record = bytes === undefined ? undefined : parseJson(bytes, limits)
    if (!isJsonObject(record)) continue
    try {
      found.push(read(id.slice(prefix.length), record))
    } catch {
      // Not written by this wallet, or damaged.
    }
  }
  return found
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError('expected text')
  return value
}

function proofToJson(proof: HolderProof): JsonObject {
  if (proof.kind === 'jwk') return { kind: 'jwk', publicJwk: { ...proof.publicJwk } as JsonObject }
  if (proof.kind === 'bearer') return { kind: 'bearer' }
  return { kind: proof.kind, commitmentWithProof: toBase64url(proof.commitmentWithProof) }
}

function proofFromJson(value: Json | undefined): HolderProof {
  if (!isJsonObject(value)) throw new TypeError('expected a holder proof')
  const { kind, publicJwk, commitmentWithProof } = value
  if (kind === 'bearer') return { kind }
  if (kind === 'jwk' && isJsonObject(publicJwk)) {
    return { kind, publicJwk: { ...publicJwk, kty: textOf(publicJwk['kty']) } }
  }
  return {
    kind: 'bbs-commitment',
    commitmentWithProof: bytesOfBase64url(textOf(commitmentWithProof)),
  }
}
