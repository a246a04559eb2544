const alphabet = /^[A-Za-z0-9_-]*$/
// Last characters whose unused low bits are zero, by length modulo 4.
const lastOfTwo = /[AQgw]$/
const lastOfThree = /[AEIMQUYcgkosw048]$/

/** Whether a text is canonical base64url without padding (RFC 4648 section 3.5, RFC 7515 section 2). */
export function checkBase64url(text: string): boolean {
  return alphabet.test(text) && endsCanonically(text)
}

/** Whether a text of the alphabet has a length that exists and no bits left over. */
export function endsCanonically(text: string): boolean {
  const rest = text.length % 4
  return rest === 0 || (rest !== 1 && (rest === 2 ? lastOfTwo : lastOfThree).test(text))
}
