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
  // Three digits each, the last first: small numbers, which are fast.
  const triples: number[] = []
  for (let carry of bytes) {
    for (let at = 0; at < triples.length; at++) {
      carry += (triples[at] as number) * 256
      triples[at] = carry % 195112
      carry = (carry / 195112) | 0
    }
    if (carry) triples.push(carry)
  }
  let text = ''
  for (const triple of triples) {
    for (let rest = triple + 195112; rest > 1; rest = (rest / 58) | 0) {
      text = alphabet.charAt(rest % 58) + text
    }
  }
  text = text.replace(/^1+/, '')
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
  // The last byte first.
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (const character of text) {
    let carry = alphabet.indexOf(character)
    if (carry < 0) return undefined
    for (let at = 0; at < length; at++) {
      carry += (bytes[at] as number) * 58
      bytes[at] = carry
      carry >>= 8
    }
    if (carry) bytes[length++] = carry
  }
  for (let at = 0; text[at] === '1'; at++) length++
  return bytes.slice(0, length).reverse()
}
