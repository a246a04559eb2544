import { asobaCredentials, asobaStatus, type MethodsOf } from '@asoba/veramo'
import { createAgent, type TAgent } from '@veramo/core'
import { anyDid } from './agents.ts'

const plugins = [asobaCredentials({ providers: [], policy: anyDid }), asobaStatus(anyDid)] as const
const agent: TAgent<MethodsOf<typeof plugins>> = createAgent({ plugins: [...plugins] })

void agent.verifyPresentation({ presentation: '', domain: '', challenge: '' })
// @ts-expect-error a presentation is judged for somebody
void agent.verifyPresentation({ presentation: '', challenge: '' })
// @ts-expect-error a presentation answers a request
void agent.verifyPresentation({ presentation: '', domain: '' })
// @ts-expect-error a policy says whom it trusts
asobaStatus({ ...anyDid, trust: undefined })
