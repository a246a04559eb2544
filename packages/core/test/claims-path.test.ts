import { type ClaimsPath, resolvePath } from '@asoba/core'
import { describe, expect, test } from 'vitest'

// The example of OpenID4VP section 7.2.
const claims = {
  name: 'Arthur Dent',
  address: { street_address: '42 Market Street', locality: 'Milliways', postal_code: '12345' },
  degrees: [
    { type: 'Bachelor of Science', university: 'University of Betelgeuse' },
    { type: 'Master of Science', university: 'University of Betelgeuse' },
  ],
  nationalities: ['British', 'Betelgeusian'],
  mixed: [{ a: 1 }, 5],
}

describe('resolvePath', () => {
  test.each<[ClaimsPath, unknown[]]>([
    [['name'], ['Arthur Dent']],
    [['address'], [claims.address]],
    [['address', 'street_address'], ['42 Market Street']],
    [['nationalities', 1], ['Betelgeusian']],
    [
      ['nationalities', null],
      ['British', 'Betelgeusian'],
    ],
    [
      ['degrees', null, 'type'],
      ['Bachelor of Science', 'Master of Science'],
    ],
    [['degrees', 0, 'type'], ['Bachelor of Science']],
    [[], [claims]],
  ])('selects by %j', (path, values) => {
    expect(resolvePath(claims, path).map(({ value }) => value)).toEqual(values)
  })

  test('says where each value lies', () => {
    expect(resolvePath(claims, ['degrees', null, 'type']).map(({ path }) => path)).toEqual([
      ['degrees', 0, 'type'],
      ['degrees', 1, 'type'],
    ])
  })

  test.each<[ClaimsPath]>([
    [['missing']],
    [['name', 'first']],
    [['address', 0]],
    [['address', null]],
    [['nationalities', 2]],
    [['nationalities', 'British']],
    [['degrees', null, 'missing']],
    [['mixed', null, 'a']],
    [['toString']],
    [['nationalities', 'length']],
  ])('selects nothing by %j', (path) => {
    expect(resolvePath(claims, path)).toEqual([])
  })

  test('takes an index for every element up to it where elements were withheld', () => {
    const found = resolvePath(claims, ['nationalities', 5], { indexes: 'shifted' })
    expect(found.map(({ value }) => value)).toEqual(['British', 'Betelgeusian'])
    expect(resolvePath(claims, ['nationalities', 0], { indexes: 'shifted' })).toHaveLength(1)
  })
})
