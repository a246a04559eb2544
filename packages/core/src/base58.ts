// Own base58btc: the codec of multiformats brings its whole varint and
// multibase machinery, takes bytes of any length in quadratic time, and is
// three times as large as these two functions.
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * base58btc without the multibase prefix.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-msporny-base58-03#section-3
 */
export function toBase58(bytes: Uint8Array): string {
  let text = ''
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  for (; value > 0n; value /= 58n) text = alphabet.charAt(Number(value % 58n)) + text
  for (let at = 0; bytes[at] === 0; at++) text = `1${text}`
  return text
}

/**
 * Bytes of base58btc text of at most 256 characters, without the multibase prefix;
 * `undefined` where it is anything else.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-msporny-base58-03#section-4
 */
export function fromBase58(text: string): Uint8Array | undefined {
  if (text.length > 256) return undefined
  let value = 0n
  for (const character of text) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return undefined
    value = value * 58n + BigInt(digit)
  }
  const bytes: number[] = []
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n))
  for (let at = 0; text[at] === '1'; at++) bytes.unshift(0)
  return Uint8Array.from(bytes)
}
