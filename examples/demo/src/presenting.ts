import type { Presentation, PresentationRequest } from '@asoba/core'
import type { Match, Wallet } from '@asoba/wallet'
import type { VerifyingParty } from './verifying.ts'

/** What a verifier's server answers. */
export interface Answer {
  readonly accepted: boolean
  readonly reasons: readonly { readonly code: string; readonly detail: string }[]
}

/** Fetches a request, as a wallet does after it scanned a code. */
export async function requestOf(party: VerifyingParty): Promise<PresentationRequest> {
  const response = await fetch(`${party.origin}/request`)
  if (!response.ok) throw new Error(`the verifier answered ${response.status}`)
  return (await response.json()) as PresentationRequest
}

/** Asks the wallet how the request could be answered, and answers it in the best way. */
export async function consentAndPresent(
  wallet: Wallet,
  request: PresentationRequest,
): Promise<{ readonly match: Match; readonly presentation: Presentation }> {
  const [match] = await wallet.match(request)
  if (match === undefined) throw new Error('the wallet has nothing that answers this request')
  return { match, presentation: await wallet.present(request, match) }
}

/** An answer in a poll. The nonce is that of the request; whoever counts needs it. */
export interface Ballot {
  readonly answer: string
  readonly nonce: string
  readonly presentation: Presentation
}

/** Posts a presentation, or an answer with one. */
export async function send(
  party: Pick<VerifyingParty, 'origin'>,
  presentation: Presentation | Ballot,
): Promise<Answer> {
  const response = await fetch(`${party.origin}/present`, {
    method: 'POST',
    body: JSON.stringify(presentation),
  })
  const { accepted, reasons = [] } = (await response.json()) as Partial<Answer>
  return { accepted: accepted === true, reasons }
}

/** A claims path as people read it. */
export function pathText(path: readonly (string | number | null)[]): string {
  return path.join('.')
}
