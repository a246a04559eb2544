import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The secret of a service: as given, or in its folder, where its first start leaves one. */
export async function secretOf(given: Uint8Array | undefined, folder: string): Promise<Uint8Array> {
  if (given !== undefined) return given
  if (folder === 'memory') return random()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'seal-key')
  try {
    const fresh = Buffer.from(random()).toString('base64url')
    await writeFile(file, fresh, { flag: 'wx', mode: 0o600 })
  } catch {
    // It is there already.
  }
  const bytes = new Uint8Array(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url'))
  if (bytes.length !== 32) throw new Error('the seal key in the data folder is damaged')
  return bytes
}

/** A key of 32 bytes for one purpose. */
export async function deriveKey(secret: Uint8Array, purpose: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(secret)
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(`asoba/service/v1|${purpose}`)
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256))
}

function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32))
}
