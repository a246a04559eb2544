// The parts of jsonld 9.0.0 that are used, and no others: its index would bring document
// loaders that go to the network. Each is CommonJS, so all of it is the default export.

declare module 'jsonld/lib/context.js' {
  const context: {
    getInitialContext(options: object): object
    process(input: {
      readonly activeCtx: object
      readonly localCtx: unknown
      readonly options: object
      readonly propagate?: boolean
      readonly overrideProtected?: boolean
    }): Promise<object>
  }
  export default context
}

declare module 'jsonld/lib/expand.js' {
  const expand: {
    expand(input: {
      readonly activeCtx: object
      readonly element: unknown
      readonly options: object
    }): Promise<unknown>
  }
  export default expand
}

declare module 'jsonld/lib/compact.js' {
  const compact: {
    compact(input: {
      readonly activeCtx: object
      readonly element: unknown
      readonly options: object
    }): Promise<unknown>
  }
  export default compact
}

declare module 'jsonld/lib/toRdf.js' {
  const toRdf: { toRDF(expanded: unknown, options: object): readonly object[] }
  export default toRdf
}

declare module 'rdf-canonize/lib/NQuads.js' {
  const NQuads: { serializeQuad(quad: object): string }
  export default NQuads
}
