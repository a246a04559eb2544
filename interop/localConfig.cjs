// What the W3C's conformance suites are told of examples/vc-api: put this file (or a link to it) into
// the root of a suite. Names, keys and addresses are asked of the running server, whose address is
// BASE_URL. A tag or `supports` too few makes a suite leave tests out without a word.
const { execFileSync } = require('node:child_process')

const base = process.env.BASE_URL ?? 'https://localhost:8443'
// The server of a test signs its own certificate, and a module of this kind cannot wait.
const ask = `fetch(process.argv[1]).then((response) => response.text()).then((text) => process.stdout.write(text))`
const server = JSON.parse(
  execFileSync(process.execPath, ['-e', ask, `${base}/`], {
    encoding: 'utf8',
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
  }),
)

const named = (name) => server.issuers.find((issuer) => issuer.name === name)
const supports = { vc: ['1.1', '2.0'] }
const issuer = (name, tags, more = {}) => {
  const { id, endpoint } = named(name)
  return { id, endpoint, tags, supports, ...more }
}
const ecdsa = ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019', 'ecdsa-sd-2023']
const curves = (...names) => ({
  supportedEcdsaKeyTypes: names,
  supports: { ...supports, keyTypes: names },
})

module.exports = {
  settings: { enableInteropTests: true, testAllImplementations: false },
  implementations: [
    {
      name: 'Asoba',
      implementation: 'Asoba',
      issuers: [
        issuer('eddsa-rdfc-2022', ['vc2.0', 'eddsa-rdfc-2022']),
        issuer('eddsa-jcs-2022', ['eddsa-jcs-2022']),
        issuer('ecdsa-rdfc-2019-p256', ['ecdsa-rdfc-2019'], curves('P-256')),
        issuer('ecdsa-rdfc-2019-p384', ['ecdsa-rdfc-2019'], curves('P-384')),
        issuer('ecdsa-jcs-2019-p256', ['ecdsa-jcs-2019'], curves('P-256')),
        issuer('ecdsa-jcs-2019-p384', ['ecdsa-jcs-2019'], curves('P-384')),
        issuer('ecdsa-sd-2023', ['ecdsa-sd-2023'], curves('P-256')),
        issuer('bbs-2023', ['bbs-2023'], { supports: { ...supports, keyTypes: ['P-381'] } }),
        issuer('vc-jwt-es256', ['EnvelopingProof']),
        issuer('eddsa-rdfc-2022', ['BitstringStatusList', 'Revocation'], {
          options: {
            credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
          },
        }),
      ],
      verifiers: [
        {
          endpoint: server.credentialVerifier,
          supports,
          tags: ['vc2.0', 'EnvelopingProof', 'BitstringStatusList', 'Revocation'],
        },
        // Data Integrity's suites are about proofs. Among what they want accepted are vectors of
        // vc-di-ecdsa whose issuer did not make the proof, and a chain upon somebody else's proof:
        // what verifies proofs accepts them, what verifies credentials does not.
        {
          endpoint: process.env.DI_VERIFIER ?? server.proofVerifier,
          tags: ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'bbs-2023', ...ecdsa],
          ...curves('P-256', 'P-384'),
        },
      ],
      vpVerifiers: [
        { endpoint: server.presentationVerifier, supports, tags: ['vc2.0'] },
        {
          endpoint: server.presentationVerifier,
          tags: ['EnvelopingProof'],
          options: { domain: 'example.com' },
        },
      ],
      vcHolders: [
        { endpoint: server.holder, supports, tags: ['vcHolder', 'bbs-2023', 'ecdsa-sd-2023'] },
      ],
      didResolvers: [{ endpoint: server.didResolver, tags: ['did-key'] }],
      'jose-cose': {
        features: {
          credential_jose: true,
          presentation_jose: true,
          credential_sdjwt: true,
          presentation_sdjwt: true,
          credential_cose: false,
          presentation_cose: false,
        },
      },
    },
  ],
}
