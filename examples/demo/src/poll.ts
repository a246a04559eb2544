import { bbs2023 } from '@asoba/bbs'
import { canonicalize, type JsonObject, type Jwk, type PresentationRequest } from '@asoba/core'
import { createWallet, type Wallet } from '@asoba/wallet'
import { applicantClaims, applyAnonymously } from './applicant.ts'
import {
  type CountingKeys,
  count,
  hashOf,
  type PublishedAnswer,
  readManifest,
  scopeOf,
} from './counting.ts'
import { anonymous, type IssuingParty } from './issuing.ts'
import { type Answer, type Ballot, send } from './presenting.ts'
import type { Report } from './report.ts'
import { json, type Party, startParty } from './server.ts'
import { verifierAt } from './verifying.ts'

const question = 'Shall the library open on Sundays?'
const options = ['yes', 'no', 'I do not mind']
const wishes = ['yes', 'no', 'yes', 'yes', 'I do not mind', 'no', 'yes']

/** Asked of everybody who answers: to be a citizen, and nothing else. */
export const citizenQuery = {
  credentials: [
    {
      id: 'citizen',
      format: 'ldp_vc',
      meta: { type_values: [['CitizenshipCredential']] },
      claims: [{ path: ['credentialSubject', 'citizen'], values: [true] }],
    },
  ],
} as const

/** Seven citizens answer once each, one of them tries twice, and anybody can count. */
export async function tellPoll(
  report: Report,
  alesia: Wallet,
  registry: IssuingParty,
): Promise<void> {
  await report.step(
    'Seven citizens answer a poll: nobody learns who said what, nobody answers twice',
    async (facts) => {
      const poll = await startPoll(registry)
      try {
        facts.fact('question', question)
        const others = Array.from({ length: 6 }, () =>
          createWallet({ formats: [bbs2023(anonymous.election)] }),
        )
        const claims = applicantClaims(new Date()).citizenship
        for (const wallet of others) {
          await applyAnonymously(wallet, registry, 'election', claims)
        }
        const citizens = [alesia, ...others]
        const sent: Sent[] = []
        for (const [at, wallet] of citizens.entries()) {
          sent.push(await answerPoll(wallet, poll, registry, wishes[at] ?? ''))
        }
        facts.expect(
          'seven answers are accepted',
          sent.every(({ accepted }) => accepted),
        )
        const eighth = await answerPoll(alesia, poll, registry, 'no')
        facts.expect('an eighth answer, by one of the seven, is refused', !eighth.accepted)
        facts.fact(
          'reasons',
          eighth.reasons.map(({ code, detail }) => `${code}: ${detail}`),
        )

        facts.say('The poll closes and publishes its answers. Somebody who was not there counts:')
        const answers = await answersOf(poll)
        for (const { answer, pseudonym } of answers) {
          facts.say(`  ${answer.padEnd(14)} under the pseudonym ${pseudonym.slice(0, 24)}…`)
        }
        facts.expect(
          'each of the seven finds the answer they gave, word for word',
          sent.every(({ answer, wire }) =>
            answers.some((one) => one.answer === answer && canonicalize(one.presentation) === wire),
          ),
        )
        // All that the counter has: the manifest, the key of the registry, the answers.
        const by = keysFor(registry, await manifestOf(poll))
        const counted = await count(answers, by)
        facts.fact('counted', counted.counts)
        facts.expect(
          'each of the seven proofs holds, and no two are of one person',
          counted.good === 7 && counted.bad.length === 0,
        )
        facts.expect(
          'the count is what the citizens said',
          options.every(
            (option) =>
              (counted.counts[option] ?? 0) === wishes.filter((wish) => wish === option).length,
          ),
        )
        const [one, ...rest] = answers as [PublishedAnswer, ...PublishedAnswer[]]
        const changed = { ...one, answer: one.answer === 'yes' ? 'no' : 'yes' }
        const forged = await count([changed, ...rest], by)
        facts.expect('a changed answer would be found', forged.bad.join() === '0')
        const stuffed = await count([...answers, one], by)
        facts.expect('an answer put in twice would be found', stuffed.bad.join() === '7')
      } finally {
        await poll.close()
      }
    },
  )
}

/** The poll: who opened it asked the registry to sign what it is about. */
async function startPoll(registry: IssuingParty): Promise<Party> {
  const published: PublishedAnswer[] = []
  const seen = new Set<string>()
  return startParty(async (origin) => {
    const audience = origin.replace('http:', 'https:')
    const manifest = await registry.announce({
      question,
      options,
      audience,
      issuer: registry.did,
      credential: 'citizenship',
    })
    const scope = scopeOf(manifest)
    const verifier = verifierAt(audience, { citizenship: [registry.did] }, anonymous.election)
    return async (request, { pathname }) => {
      if (pathname === '/manifest') return new Response(manifest)
      if (pathname === '/request') {
        return json(await verifier.request(citizenQuery, { purpose: 'poll', scope }))
      }
      if (pathname === '/answers') {
        // By pseudonym: the order in which they came would be a mark.
        const sorted = [...published].sort((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1))
        return json(sorted)
      }
      if (pathname === '/present' && request.method === 'POST') {
        const { answer, nonce, presentation } = (await request.json()) as Ballot
        const payloadHash = hashOf(answer)
        const { state = '' } = presentation
        const query = citizenQuery
        const result = await verifier.verify(presentation, { query, state }, { payloadHash })
        const refuse = (reasons: Answer['reasons']) => json({ accepted: false, reasons }, 403)
        if (!result.verified) {
          return refuse(result.problems.map(({ code, detail }) => ({ code, detail })))
        }
        const { citizen: pseudonym = '' } = result.pseudonyms
        if (!options.includes(answer) || seen.has(pseudonym)) {
          return refuse([{ code: 'poll.answered', detail: 'this citizen has answered already' }])
        }
        const [shown] = presentation.vp_token['citizen'] ?? []
        const entry = { answer, nonce, pseudonym, presentation: shown as JsonObject }
        // What nobody else could count, for its nonce is another, is not published.
        if ((await count([entry], keysFor(registry, manifest))).good !== 1) {
          return refuse([{ code: 'poll.not-countable', detail: 'the answer cannot be counted' }])
        }
        seen.add(pseudonym)
        published.push(entry)
        return json({ accepted: true })
      }
      return undefined
    }
  })
}

/** What a citizen keeps of it, to look whether the answer was published. */
interface Sent extends Answer {
  readonly answer: string
  readonly wire: string
}

/** What a wallet does: it looks at the manifest itself before it answers under a name of a poll. */
async function answerPoll(
  wallet: Wallet,
  poll: Party,
  registry: IssuingParty,
  answer: string,
): Promise<Sent> {
  const manifest = await manifestOf(poll)
  await readManifest(manifest, registry.publicJwk as unknown as Jwk)
  const request = (await (await fetch(`${poll.origin}/request`)).json()) as PresentationRequest
  const bound = { electionScope: scopeOf(manifest), payloadHash: hashOf(answer) }
  const [match] = await wallet.match(request, bound)
  if (match === undefined) throw new Error('the wallet has nothing that answers this poll')
  const presentation = await wallet.present(request, match, bound)
  const [shown = ''] = presentation.vp_token['citizen'] ?? []
  return {
    ...(await send(poll, { answer, nonce: request.nonce, presentation })),
    answer,
    wire: canonicalize(shown),
  }
}

function keysFor(registry: IssuingParty, manifest: string): CountingKeys {
  const { publicJwk, bbsPublicJwk: registryBbs } = registry
  return { manifest, registry: publicJwk as unknown as Jwk, registryBbs }
}

async function manifestOf(poll: Party): Promise<string> {
  return (await fetch(`${poll.origin}/manifest`)).text()
}

async function answersOf(poll: Party): Promise<readonly PublishedAnswer[]> {
  return (await (await fetch(`${poll.origin}/answers`)).json()) as readonly PublishedAnswer[]
}
