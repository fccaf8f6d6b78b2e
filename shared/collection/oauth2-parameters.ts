// Parameters of one's own in the requests of OAuth 2. Each dialect has them in a list; the model has a field for each, so that
// variables and handles work in them: `tokenRequestParams.0.body.NAME`.

/** Postman's names of the lists: the authorization request, that for a token, and that for a new one. */
export const parameterLists = ['authRequestParams', 'tokenRequestParams', 'refreshRequestParams'] as const;
export type ParameterList = (typeof parameterLists)[number];

const places = ['body', 'header', 'query'] as const;
export type ParameterPlace = (typeof places)[number];

export interface OauthParameter {
  readonly list: ParameterList;
  readonly place: ParameterPlace;
  readonly name: string;
}

/** The field of the n-th parameter. */
export function parameterField({ list, place, name }: OauthParameter, index: number): string {
  return `${list}.${index}.${place}.${name}`;
}

const FIELD = /^([a-zA-Z]+)\.\d+\.([a-z]+)\.(.+)$/s;

/** The parameter that a field holds; undefined for any other field. */
export function readParameterField(field: string): OauthParameter | undefined {
  const [, listName, placeName, name] = FIELD.exec(field) ?? [];
  const list = parameterLists.find((each) => each === listName);
  const place = places.find((each) => each === placeName);
  return list && place && name !== undefined ? { list, place, name } : undefined;
}
