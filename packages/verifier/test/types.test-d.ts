import type { JsonObject, Problem } from '@asoba/core'
import {
  createVerifier,
  type QueryInput,
  type VerificationResult,
  type Verifier,
  type VerifierOptions,
} from '@asoba/verifier'
import { type LoadTrustListOptions, loadTrustList, signTrustList } from '@asoba/verifier/trust-list'

// Compiled, never run: what must not be forgotten or assumed does not compile.
declare const options: VerifierOptions
declare const presentation: unknown
const verifier: Verifier = createVerifier(options)

// --- Claims exist on the verified arm alone.
const request = await verifier.request({
  credentials: [
    { id: 'citizen', format: 'dc+sd-jwt', meta: { vct_values: ['a'] } },
    { id: 'jobs', format: 'dc+sd-jwt', meta: { vct_values: ['b'] }, multiple: true },
  ],
})
const result = await verifier.verify(presentation, request)
if (result.verified) {
  // The ids and `multiple` of the query shape the claims.
  const one: JsonObject = result.claims.citizen
  const many: readonly JsonObject[] = result.claims.jobs
  void [one, many]
  // @ts-expect-error several are not one
  const wrong: JsonObject = result.claims.jobs
  void wrong
  // @ts-expect-error an id that nobody asked for
  void result.claims.tax
  // @ts-expect-error there is nothing wrong with it
  void result.problems
} else {
  const [first]: readonly [Problem, ...Problem[]] = result.problems
  void first
  // @ts-expect-error a refused presentation has no claims
  void result.claims
  // @ts-expect-error and no credentials
  void result.credentials
  // @ts-expect-error and no pseudonyms
  void result.pseudonyms
}
// @ts-expect-error nobody has looked yet
void result.claims
// @ts-expect-error nor at what is wrong
void result.problems

// --- Where one of several answers will do, each may be absent.
const choice = {
  credentials: [
    { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['a'] } },
    { id: 'b', format: 'dc+sd-jwt', meta: { vct_values: ['b'] } },
  ],
  credential_sets: [{ options: [['a'], ['b']] }],
} as const satisfies QueryInput
declare const chosen: VerificationResult<typeof choice>
if (chosen.verified) {
  const maybe: JsonObject | undefined = chosen.claims.a
  void maybe
  // @ts-expect-error it may be the other one
  const sure: JsonObject = chosen.claims.a
  void sure
}

// --- A query names a type, and an answer is judged against a request.
// @ts-expect-error a credential query without meta
await verifier.request({ credentials: [{ id: 'x', format: 'dc+sd-jwt' }] })
// @ts-expect-error no request
await verifier.verify(presentation)
// @ts-expect-error a state alone is no request: the query is the caller's own
await verifier.verify(presentation, { state: request.state })

// --- Every option of a verifier that safety hangs on.
const { audience, types, issuerKeys, trust, formats, status, seal, replay } = options
const { clockTolerance, maxProofAge } = options
const rest = { clockTolerance, maxProofAge }
createVerifier({ audience, types, issuerKeys, trust, formats, status, seal, replay, ...rest })
// @ts-expect-error audience
createVerifier({ types, issuerKeys, trust, formats, status, seal, replay, ...rest })
// @ts-expect-error types
createVerifier({ audience, issuerKeys, trust, formats, status, seal, replay, ...rest })
// @ts-expect-error issuerKeys
createVerifier({ audience, types, trust, formats, status, seal, replay, ...rest })
// @ts-expect-error trust
createVerifier({ audience, types, issuerKeys, formats, status, seal, replay, ...rest })
// @ts-expect-error formats
createVerifier({ audience, types, issuerKeys, trust, status, seal, replay, ...rest })
// @ts-expect-error status
createVerifier({ audience, types, issuerKeys, trust, formats, seal, replay, ...rest })
// @ts-expect-error seal
createVerifier({ audience, types, issuerKeys, trust, formats, status, replay, ...rest })
// @ts-expect-error replay
createVerifier({ audience, types, issuerKeys, trust, formats, status, seal, ...rest })
const { clockTolerance: _tolerance, ...noTolerance } = options
// @ts-expect-error clockTolerance
createVerifier(noTolerance)
const { maxProofAge: _age, ...noAge } = options
// @ts-expect-error maxProofAge
createVerifier(noAge)
// @ts-expect-error undefined is no answer either
createVerifier({ ...options, trust: undefined })
// @ts-expect-error status cannot be waved through
createVerifier({ ...options, status: 'ignore' })

// --- And of a trust list.
declare const token: unknown
declare const load: LoadTrustListOptions
const list = await loadTrustList(token, load)
if (list.verified) void [list.trust, list.mark, list.expires]
// @ts-expect-error a refused list is no policy
else void list.trust
const { publisher: _publisher, ...anybody } = load
// @ts-expect-error who may sign it
await loadTrustList(token, anybody)
const { now: _now, ...timeless } = load
// @ts-expect-error the time
await loadTrustList(token, timeless)
const { previous: _previous, ...forgetful } = load
// @ts-expect-error what was seen before
await loadTrustList(token, forgetful)
const { maxLength: _length, ...boundless } = load
// @ts-expect-error how long it may be
await loadTrustList(token, boundless)
const { snapshots: _snapshots, ...vague } = load
// @ts-expect-error whether snapshots stand in for the network
await loadTrustList(token, vague)
const { types: _types, ...untyped } = load
// @ts-expect-error the types that are known
await loadTrustList(token, untyped)
// @ts-expect-error with what it is signed
await signTrustList(list)
