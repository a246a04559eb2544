// @peculiar/x509 asks for this proposal of ECMAScript; what its container needs is a table.
const table = new WeakMap<object, Map<unknown, unknown>>()
const of = (target: object) => {
  const found = table.get(target) ?? new Map<unknown, unknown>()
  table.set(target, found)
  return found
}

Object.assign(Reflect, {
  defineMetadata: (key: unknown, value: unknown, target: object) => void of(target).set(key, value),
  getMetadata: (key: unknown, target: object) => of(target).get(key),
  getOwnMetadata: (key: unknown, target: object) => of(target).get(key),
})
