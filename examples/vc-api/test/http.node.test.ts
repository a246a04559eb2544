import { connect } from 'node:net'
import type { Json, JsonObject } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { credentialOf, testServer, unsigned } from './server.ts'

const server = testServer()
const issue = '/issuers/eddsa-rdfc-2022/credentials/issue'
const posts = [
  issue,
  '/issuers/vc-sd-jwt-es256/credentials/issue',
  '/credentials/verify',
  '/proofs/verify',
  '/presentations/verify',
  '/presentations/prove',
  '/credentials/derive',
  '/credentials/status',
]

test('answers problem details where HTTP is not used as it should be', async () => {
  const statuses = [
    await server.get('/nothing'),
    await server.get(issue),
    await server.post('/issuers/nobody/credentials/issue', {}),
    await server.post(issue, {}, { headers: { 'content-type': 'text/plain' } }),
    await server.post(issue, {}, { body: '{' }),
    await server.post(issue, {}, { body: '[]' }),
    await server.post(issue, {}, { body: `{"credential":${'['.repeat(100)}${']'.repeat(100)}}` }),
    await server.post(issue, {}, { body: '{"__proto__":{}}' }),
    await server.post(issue, { credential: 'a'.repeat(600_000) }),
    await server.get('/1.0/identifiers/%zz'),
  ]
  expect(statuses.map(({ status }) => status)).toEqual([
    404, 405, 404, 415, 400, 400, 400, 400, 413, 404,
  ])
  for (const { type, body, status } of statuses) {
    expect(type).toBe('application/problem+json')
    expect(body).toMatchObject({ status, detail: expect.any(String) })
  }
  expect(statuses[1]?.headers.get('allow')).toBe('POST')
})

test('closes a connection that speaks no HTTP', async () => {
  const { port } = new URL(server.url('/'))
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('hello\r\n\r\n'))
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
  expect(said).toMatch(/^HTTP\/1\.1 400/)
})

test('whatever a body is, the answer is no fault of the server’s', async () => {
  const credential = credentialOf(await server.issue('eddsa-rdfc-2022'))
  const derivable = credentialOf(await server.issue('ecdsa-sd-2023'))
  const wordOf = fc.constantFrom(
    ...['credential', 'verifiableCredential', 'verifiablePresentation', 'options', 'proof'],
    ...['presentation', 'holder'],
    ...['@context', 'type', 'issuer', 'credentialSubject', 'credentialStatus', 'id', 'domain'],
    ...['mandatoryPointers', 'selectivePointers', 'challenge', 'proofValue', 'relatedResource'],
  )
  const { anything } = fc.letrec<{ anything: Json }>((tie) => ({
    anything: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Json>(null, true, 5, '', 'a', '/a', 'did:key:z6Mk', unsigned),
      fc.constantFrom<Json>(credential, derivable, unsigned['@context'], unsigned.type),
      fc.array(tie('anything'), { maxLength: 3 }),
      fc.dictionary(wordOf, tie('anything'), { maxKeys: 5 }),
    ),
  }))
  const body = fc.dictionary(wordOf, anything, { maxKeys: 4 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...posts), body, async (path, value) => {
      const { status } = await server.post(path, value as JsonObject)
      expect(status).toBeLessThan(500)
    }),
    { numRuns: 150 },
  )
})

test('neither a log nor a refusal holds anything of a person', async () => {
  const secret = 'planted-claim-7f3a'
  const before = server.log.length
  const good = credentialOf(await server.issue('eddsa-rdfc-2022'))
  const proof = good['proof'] as JsonObject
  const answers = [
    await server.issue('eddsa-rdfc-2022', { ...unsigned, name: secret, id: secret }),
    await server.issue('eddsa-jcs-2022', { ...unsigned, issuer: secret, validFrom: secret }),
    await server.issue('ecdsa-sd-2023', unsigned, { mandatoryPointers: [secret] }),
    await server.post(issue, {}, { body: `{"${secret}` }),
    ...(await Promise.all(
      ['/credentials/verify', '/proofs/verify', '/credentials/derive'].map((path) =>
        server.post(path, {
          verifiableCredential: {
            ...good,
            name: secret,
            issuer: secret,
            proof: { ...proof, created: secret, verificationMethod: secret },
          },
          options: { challenge: secret, selectivePointers: [`/${secret}`] },
        }),
      ),
    )),
    await server.post('/presentations/verify', {
      verifiablePresentation: { holder: secret, verifiableCredential: [secret], proof },
      options: { challenge: secret, domain: secret },
    }),
    await server.post('/credentials/status', { credentialId: secret, credentialStatus: secret }),
    await server.get(`/1.0/identifiers/did:key:${secret}?a=${secret}`),
    await server.get(`/${secret}`),
  ]
  for (const { status, body } of answers) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(everythingIn(body)).not.toContain(secret)
  }
  const lines = server.log.slice(before)
  expect(lines.length).toBeGreaterThanOrEqual(answers.length)
  expect(everythingIn(lines)).not.toContain(secret)
})
