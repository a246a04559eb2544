import { nationTypes } from '@asoba/credentials'
import { createIssuer } from '@asoba/issuer'
import { citizenship, fakeFormat, holder, library } from './registry.ts'

// Compiled, never run: what an issuer was not given must not compile.
const issuer = createIssuer({
  issuer: 'did:web:registry.example',
  types: { citizenship, library },
  formats: [fakeFormat('dc+sd-jwt'), fakeFormat('vc+jwt')],
  status: { citizenship: 'none', library: 'none' },
  validityDays: { citizenship: 90, library: 7 },
})
const rest = { claims: {}, holders: [holder('a')] }

export const issued: readonly { readonly format: 'vc+jwt' }[] = await issuer.issue({
  format: 'vc+jwt',
  type: 'library',
  ...rest,
})

// @ts-expect-error a format that was not given
await issuer.issue({ format: 'ldp_vc', type: 'library', ...rest })
// @ts-expect-error a type that was not given
await issuer.issue({ format: 'vc+jwt', type: 'profession', ...rest })
// @ts-expect-error holders are required
await issuer.issue({ format: 'vc+jwt', type: 'library', claims: {} })

// @ts-expect-error the status must be said
createIssuer({ issuer: '', types: { library }, formats: [], validityDays: 1 })
createIssuer({
  issuer: '',
  types: { citizenship, library },
  formats: [],
  // @ts-expect-error for every type
  status: { library: 'none' },
  validityDays: 1,
})
// @ts-expect-error the validity must be said
createIssuer({ issuer: '', types: { library }, formats: [], status: 'none' })

// All types of a nation, as they come.
const types = nationTypes({ origin: 'https://nation.example' })
createIssuer({ issuer: '', types, formats: [], status: 'none', validityDays: 1 })
// @ts-expect-error something that is no type
createIssuer({ issuer: '', types: { library: 1 }, formats: [], status: 'none', validityDays: 1 })
