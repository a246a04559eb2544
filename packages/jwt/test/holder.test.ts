import { randomSecrets } from '@asoba/core'
import { vcJwt } from '@asoba/jwt'
import { jwtVcV1 } from '@asoba/jwt/v1'
import { expect, test } from 'vitest'

test.each([vcJwt(), jwtVcV1()])(
  '$id prepares another key for every copy, from one source of secrets',
  async (format) => {
    const secrets = randomSecrets()
    const prepared = await Promise.all(
      Array.from({ length: 5 }, () => format.prepareHolder(secrets)),
    )
    const keys = prepared.map(({ proof }) => (proof.kind === 'jwk' ? proof.publicJwk.x : undefined))
    expect(new Set(keys).size).toBe(5)
    expect(keys).not.toContain(undefined)
  },
)
