// As much of a Postman collection as the draw touches.

export interface Auth {
  readonly type?: string;
}

export interface Variable {
  readonly key?: string;
  readonly id?: string;
  readonly value?: unknown;
  readonly disabled?: boolean;
}

export interface Body {
  readonly file?: string | { readonly src?: string };
  readonly formdata?: { readonly type?: string; readonly src?: string | string[] }[];
}

export interface Url {
  readonly raw?: string;
  readonly protocol?: string;
  readonly host?: string | string[];
  readonly port?: string;
  readonly auth?: unknown;
}

export interface Request {
  readonly method?: string;
  readonly url?: string | Url;
  readonly auth?: Auth;
  readonly body?: Body;
  readonly proxy?: unknown;
  readonly certificate?: unknown;
}

export interface Item {
  readonly name?: string;
  readonly id?: string;
  readonly item?: Item[];
  readonly request?: string | Request;
  readonly auth?: Auth;
  readonly event?: unknown;
  readonly response?: unknown;
}

export interface Collection {
  readonly item: Item[];
  readonly auth?: Auth;
  readonly variable?: Variable[];
  readonly event?: unknown;
}
