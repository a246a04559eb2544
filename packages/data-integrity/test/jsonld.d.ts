declare module 'jsonld' {
  const jsonld: {
    canonize(
      document: object,
      options: {
        readonly algorithm: 'RDFC-1.0'
        readonly format: 'application/n-quads'
        readonly safe: boolean
        readonly documentLoader: (url: string) => Promise<object>
      },
    ): Promise<string>
  }
  export default jsonld
}
