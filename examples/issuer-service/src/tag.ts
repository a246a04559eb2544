import { createHmac } from 'node:crypto'

/**
 * The uniqueness tag of a person for one type: the same for the same document number, and nothing
 * to anybody without the key. In a nation the key is shared by a committee (threshold VOPRF), so
 * that not even the registry can try out numbers; here one key stands for it.
 */
export function tagOf(key: Uint8Array, type: string, personalNumber: string): Uint8Array {
  return createHmac('sha256', key).update(`v1|BY|${type}|${personalNumber}`).digest()
}
