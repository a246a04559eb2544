import { electionScope, isServiceScopeOf, scopeKind, serviceScope } from '@asoba/core'
import { describe, expect, test } from 'vitest'

const audience = 'https://clinic.example'
const hash = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'

describe('a scope', () => {
  test('of a service is its audience, with a part where it keeps several', () => {
    expect(serviceScope(audience)).toBe('asoba:nym:v1:svc:https://clinic.example')
    expect(serviceScope(audience, { part: '2026' })).toBe(
      'asoba:nym:v1:svc:https://clinic.example#2026',
    )
  })

  test('of an election is the hash of its manifest', () => {
    expect(electionScope(hash)).toBe(`asoba:nym:v1:election:${hash}`)
  })

  test('says its kind', () => {
    expect(scopeKind(serviceScope(audience))).toBe('service')
    expect(scopeKind(electionScope(hash))).toBe('election')
    for (const none of ['', 'asoba:nym:v1:svc:', 'asoba:nym:v1:election:short', audience]) {
      expect(scopeKind(none)).toBeUndefined()
    }
  })

  test.each([
    ['', {}],
    [audience, { part: '' }],
    [audience, { part: 'a b' }],
    [audience, { part: 'x'.repeat(65) }],
  ])('is not made of %j and %j', (text, options) => {
    expect(() => serviceScope(text, options)).toThrow(TypeError)
  })

  test('of an election is not made of what is no SHA-256', () => {
    for (const bad of ['', hash.slice(1), `${hash}=`, `${hash}#1`]) {
      expect(() => electionScope(bad)).toThrow(TypeError)
    }
  })

  test('belongs to one service and to no other whose name begins alike', () => {
    expect(isServiceScopeOf(serviceScope(audience), audience)).toBe(true)
    expect(isServiceScopeOf(serviceScope(audience, { part: 'a.b-c_1' }), audience)).toBe(true)
    for (const other of [
      `${audience}.evil`,
      `${audience}/`,
      `${audience}#`,
      `${audience}#a b`,
      `${audience}#a#b`,
      'https://clinic.exampl',
      'https://shop.example',
    ]) {
      expect(isServiceScopeOf(`asoba:nym:v1:svc:${other}`, audience)).toBe(false)
    }
    expect(isServiceScopeOf(electionScope(hash), audience)).toBe(false)
    expect(isServiceScopeOf('asoba:nym:v1:svc:', '')).toBe(false)
  })
})
