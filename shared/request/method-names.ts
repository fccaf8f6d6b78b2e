// The names under which servers look for a method that they take in the place of the request's own.

// `tunneled` is Catalyst's, `forwarded`, `original` and the like are what proxies put the first method into, `verb` is rare.
const PREFIX = '(?:envoy-?original|http|original|real|rewrite|forwarded|override|request|rest|tunnel(?:l?ed)?)';
const METHOD = '(?:method|verb)(?:-?over-?ride)?';
const HEADER = new RegExp(`^(?:x-?)?(?:${PREFIX}-?)*${METHOD}$`);

// `_method` (Rails, Laravel, WordPress, Express), `$httpMethod` (Google), `_HttpMethod` (Salesforce), `x-tunneled-method`, and the
// headers' names. `method` alone is an ordinary name, and so is what describes another request (`request_method`).
const PARAMETER = new RegExp(
  `^(?:[^a-z\\d]+|[^a-z\\d]*x-?)(?:(?:http|override|tunnel(?:l?ed)?)-?)*${METHOD}$` +
    `|^(?:(?:http|override|tunnel(?:l?ed)?)-?)+${METHOD}$|^(?:method|verb)-?over-?ride$`,
);

/** Whether a header of this name may name the method. Gateways fold what is no letter or digit. */
export function isMethodHeader(name: string): boolean {
  return HEADER.test(folded(name));
}

/** Whether a parameter or field of this name, percent-decoded, may name the method, as PHP, Rack or `qs` read it. */
export function isMethodParameter(name: string): boolean {
  return readings(name).some((each) => PARAMETER.test(each));
}

/** Whether it is named as only a few look for it: Facebook's Graph API, DreamFactory, Restlet. */
export function isBareMethod(name: string): boolean {
  return readings(name).some((each) => /^(?:method|verb)$/.test(each));
}

/** PHP reads up to a NUL and folds dots, spaces and a bracket that opens; others take what stands in the brackets or before them. */
function readings(name: string): readonly string[] {
  const [whole = ''] = name.split('\0', 1);
  const [, inner = ''] = /^[[\]]*([^[\]]*)/.exec(whole) ?? [];
  return [folded(whole.trim()), folded(inner.trim())];
}

function folded(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s._[\]-]+/g, '-')
    .replace(/-$/, '');
}
