import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether it is the secret; takes the same time whatever is wrong with it. */
export function isSecret(given: string | null | undefined, secret: string | undefined): boolean {
  if (secret === undefined || given === null || given === undefined) return false
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(secret))
}
