/** The library that newman runs, as far as the oracles use it; it ships no types of its own. */
declare module 'postman-collection' {
  const sdk: { readonly Request: new (definition: unknown) => { readonly url: { toString(): string } } };
  export = sdk;
}
