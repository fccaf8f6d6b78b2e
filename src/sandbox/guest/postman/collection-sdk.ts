// `require('postman-collection')`: the classes of it that scripts use.
import { Cookie, CookieList } from './cookie.ts';
import { FormParam } from './form-param.ts';
import { Header, HeaderList } from './header.ts';
import { Property } from './property.ts';
import { type MemberKind, PropertyList } from './property-list.ts';
import { QueryParam } from './query-param.ts';
import { Request } from './request.ts';
import { RequestAuth } from './request-auth.ts';
import { RequestBody } from './request-body.ts';
import { Response } from './response.ts';
import { Url } from './url.ts';
import { Variable, VariableList } from './variable.ts';

type MemberClass = (new (
  definition?: unknown,
) => object) & {
  parse?(text: unknown): readonly unknown[];
  unparse?(members: unknown): string;
};

const namedOtherwise = new Map<MemberClass, Pick<MemberKind<object>, 'key' | 'ignoresCase' | 'allowsMany'>>([
  [Header, { key: 'key', ignoresCase: true, allowsMany: true }],
  [QueryParam, { key: 'key', allowsMany: true }],
  [FormParam, { key: 'key', allowsMany: true }],
  [Variable, { key: 'key' }],
]);

/** As the SDK has it: `new PropertyList(Type, parent, members)`. */
class TypedList extends PropertyList<object> {
  constructor(Type: MemberClass, _parent?: unknown, members?: unknown) {
    super(
      { Type, create: (definition) => new Type(definition), ...(namedOtherwise.get(Type) ?? { key: 'id' }) },
      members,
    );
  }
}

export const collectionSdk: Readonly<Record<string, unknown>> = {
  Cookie,
  CookieList,
  FormParam,
  Header,
  HeaderList,
  Property,
  PropertyList: TypedList,
  QueryParam,
  Request,
  RequestAuth,
  RequestBody,
  Response,
  Url,
  Variable,
  VariableList,
};
