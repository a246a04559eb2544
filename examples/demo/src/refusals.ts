import type { Presentation, StatusReference } from '@asoba/core'
import type { Wallet } from '@asoba/wallet'
import type { IssuingParty } from './issuing.ts'
import { type Answer, consentAndPresent, requestOf, send } from './presenting.ts'
import type { Facts, Report } from './report.ts'
import type { VerifyingParty } from './verifying.ts'

/** Four presentations that must be refused, each for its own reason. */
export async function tellRefusals(
  report: Report,
  parties: {
    readonly wallet: Wallet
    readonly clinic: VerifyingParty
    readonly registry: IssuingParty
    readonly citizenship: readonly StatusReference[]
  },
): Promise<void> {
  const { wallet, clinic, registry, citizenship } = parties

  await report.step('A tampered presentation is refused', async (facts) => {
    const { presentation } = await consentAndPresent(wallet, await requestOf(clinic))
    const answer = await send(clinic, changed(presentation, tamper))
    expectRefusal(facts, answer, [
      'disclosure.unreferenced',
      'holder.binding-mismatch',
      'jws.signature-invalid',
    ])
  })

  await report.step('A replayed presentation is refused', async (facts) => {
    const { presentation } = await consentAndPresent(wallet, await requestOf(clinic))
    const first = await send(clinic, presentation)
    facts.expect('the first time it is accepted', first.accepted)
    expectRefusal(facts, await send(clinic, presentation), ['replay.seen'])
  })

  await report.step('A stolen presentation is refused', async (facts) => {
    // A thief has what was shown to one request and answers his own request with it.
    const { presentation } = await consentAndPresent(wallet, await requestOf(clinic))
    const { state } = await requestOf(clinic)
    const stolen = { ...presentation, ...(state === undefined ? {} : { state }) }
    expectRefusal(facts, await send(clinic, stolen), ['holder.nonce-mismatch'])
  })

  await report.step('A revoked credential is refused', async (facts) => {
    await registry.revoke(citizenship)
    const { presentation } = await consentAndPresent(wallet, await requestOf(clinic))
    expectRefusal(facts, await send(clinic, presentation), ['status.revoked'])
  })
}

function expectRefusal(facts: Facts, answer: Answer, codes: readonly string[]): void {
  facts.expect('it is refused', !answer.accepted)
  facts.fact(
    'reasons',
    answer.reasons.map(({ code, detail }) => `${code}: ${detail}`),
  )
  facts.expect(
    'the reason is the right one',
    answer.reasons.some(({ code }) => codes.includes(code)),
  )
}

function changed(presentation: Presentation, change: (wire: string) => string): Presentation {
  return {
    ...presentation,
    vp_token: Object.fromEntries(
      Object.entries(presentation.vp_token).map(([id, wires]) => [
        id,
        wires.map((wire) => (typeof wire === 'string' ? change(wire) : wire)),
      ]),
    ),
  }
}

/** Turns a disclosed `false` or `true` into the other, in the first disclosure. */
function tamper(wire: string): string {
  const parts = wire.split('~')
  const [salt, name] = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()) as string[]
  parts[1] = Buffer.from(JSON.stringify([salt, name, 'changed'])).toString('base64url')
  return parts.join('~')
}
