import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { OfferStore } from '@asoba/openid4vc/issuer'

/** Digits that an officer says aloud, and that a person types on a page of ours to be let in. */
export interface Tickets {
  /** A ticket to carry, sealed, and the digits that belong to it. */
  make(seconds: number): Promise<{ readonly ticket: string; readonly digits: string }>
  /** True once, for the right digits; five wrong ones, on whatever replicas, end the ticket. */
  redeem(ticket: string, digits: string): Promise<boolean>
}

/** Tickets in the store of offers: a hash of digits and ticket under a hash of the ticket. */
export function createTickets(offers: OfferStore): Tickets {
  const idOf = (ticket: string): string => `ticket|${ticket}`
  // The ticket is 16 random bytes that the store never sees, so nobody tries out digits there.
  const hashOf = (ticket: string, digits: string): string =>
    createHash('sha256').update(`asoba/ticket/v1|${ticket}|${digits}`).digest('base64url')
  return {
    make: async (seconds) => {
      const ticket = randomBytes(16).toString('base64url')
      const digits = String(randomInt(1_000_000)).padStart(6, '0')
      const expires = new Date(Date.now() + seconds * 1000)
      const kept = await offers.put(idOf(ticket), hashOf(ticket, digits), { expires, attempts: 5 })
      if (!kept) throw new Error('the ticket was not kept')
      return { ticket, digits }
    },
    redeem: async (ticket, digits) => {
      // Counted before it is looked at.
      const kept = await offers.attempt(idOf(ticket))
      const given = Buffer.from(hashOf(ticket, digits.replace(/\s/g, '')))
      if (kept === undefined || !timingSafeEqual(Buffer.from(kept), given)) return false
      return offers.take(idOf(ticket))
    },
  }
}
