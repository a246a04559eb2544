import { parseDateTimeStamp } from '@asoba/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('parseDateTimeStamp', () => {
  test.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.1239Z', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02T03:04:05+03:30', '2026-01-01T23:34:05.000Z'],
    ['2026-01-02T03:04:05-14:00', '2026-01-02T17:04:05.000Z'],
    ['2025-12-31T24:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['12026-01-01T00:00:00Z', '+012026-01-01T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseDateTimeStamp(text)?.toISOString()).toBe(iso)
  })

  test.each([
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-01-02t03:04:05z',
    '2026-1-2T03:04:05Z',
    '2026-01-02T03:04Z',
    '2026-01-02T25:00:00Z',
    '2026-01-02T24:00:01Z',
    '2026-01-02T03:60:00Z',
    '2026-01-02T03:04:60Z',
    '2026-01-02T03:04:05+14:01',
    '2026-01-02T03:04:05+0100',
    '2026-13-02T03:04:05Z',
    '2026-00-02T03:04:05Z',
    '2026-02-29T03:04:05Z',
    '2026-04-31T03:04:05Z',
    '02026-01-02T03:04:05Z',
    '999999-01-02T03:04:05Z',
    ' 2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Z\n',
    1767225600,
    null,
  ])('refuses %j', (text) => {
    expect(parseDateTimeStamp(text)).toBeUndefined()
  })

  test('reads every usual text as the platform does, and no day that is not in the calendar', () => {
    const two = (max: number) => fc.nat({ max }).map((number) => String(number).padStart(2, '0'))
    const year = fc.nat({ max: 9999 }).map((number) => String(number).padStart(4, '0'))
    fc.assert(
      fc.property(
        year,
        two(13),
        two(32),
        two(24),
        two(60),
        two(60),
        (years, months, days, hours, minutes, seconds) => {
          const text = `${years}-${months}-${days}T${hours}:${minutes}:${seconds}Z`
          // The platform turns February 30 into March; written back, such a text is another one.
          const iso = new Date(Date.parse(text) || 0).toISOString().replace('.000Z', 'Z')
          if (hours !== '24') expect(parseDateTimeStamp(text) !== undefined).toBe(iso === text)
          const read = parseDateTimeStamp(text)?.getTime()
          if (read !== undefined) expect(read).toBe(Date.parse(text))
        },
      ),
      { numRuns: 200 },
    )
  })
})
