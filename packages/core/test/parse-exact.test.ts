import { utf8 } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { parseExact } from '../src/judge.ts'

describe('parseExact', () => {
  test.each([
    ['a member twice', '{"a":1,"a":2}'],
    ['a member twice in an array', '["salt",{"x":1,"x":2}]'],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a whole number beyond 2^53', '[9007199254740993]'],
    ['the first whole number that two texts share', '[9007199254740992]'],
    ['such a number with an exponent', '{"n":[1e16]}'],
    ['a negative one', '[-9007199254740993]'],
    ['a number that no double holds', '[1e400]'],
    ['half a character', '["\\ud800"]'],
    ['half a character in a name', '{"\\ud800":1}'],
    ['two names that are one where half a character is replaced', '{"\\ud800":1,"\\udbff":2}'],
    ['one of these for the whole text', '9007199254740993'],
  ])('refuses %s, on which parsers disagree', (_what, text) => {
    expect(parseExact(text)).toBeUndefined()
    expect(parseExact(utf8(text))).toBeUndefined()
  })

  test.each([
    ['the largest whole numbers', '[9007199254740991,-9007199254740991]'],
    ['fractions, whatever their digits', '[0.1,53.900000000000002131,1e-400]'],
    ['a number in another spelling', '{"n":[1E2,1.0,-0]}'],
    ['a whole character from two escapes', '["\\ud83d\\ude02"]'],
    ['names that look alike and are not', '{"caf\u00e9":1,"cafe\u0301":2}'],
    ['a name that objects inherit', '{"constructor":{"prototype":1}}'],
    ['no object at all', 'true'],
    ['null', 'null'],
  ])('reads %s as JSON.parse does', (_what, text) => {
    expect(parseExact(text)).toEqual(JSON.parse(text))
  })

  test('reads nothing where parseJson does not', () => {
    for (const text of ['', '{"__proto__":{}}', '[1', '"']) expect(parseExact(text)).toBeUndefined()
    expect(parseExact('[[1]]', { maxDepth: 1 })).toBeUndefined()
  })
})
