// What every dialect becomes. A dialect's parse builds the cheap part of a collection at once and each request only when
// it is opened, so that a workspace of thousands of requests loads in about the time of its JSON.parse.
import type { Failure, SourceSpan } from '../failure/failure.ts';
import type { Template } from '../template/template.ts';
import type { DialectName } from './dialect-name.ts';

export interface Collection {
  readonly id: string;
  readonly name: string;
  /** Decides which variable wins (shared/template/precedence.ts). */
  readonly dialect: DialectName;
  /** Dialect and version, such as `postman-2.1`. */
  readonly format: string;
  /** Workspace-relative path with forward slashes; of a collection of many files the one that marks its folder. */
  readonly file: string;
  readonly description?: string;
  readonly requests: readonly RequestEntry[];
  /** What could not be read of the file, one failure each; the rest is served. */
  readonly problems: readonly Failure[];
  variables(): readonly Variable[];
}

export interface RequestEntry {
  readonly id: string;
  readonly name: string;
  /** Folder names from the collection's root, without the request's own name. */
  readonly folders: readonly string[];
  /** As sent; of what is not HTTP the protocol in capitals: `GRPC`, `WEBSOCKET`. */
  readonly method: string;
  /** Workspace-relative; absent: the collection's own file. */
  readonly file?: string;
  readonly tags?: readonly string[];
  /** Why it is listed and never sent: `gRPC requests are not executed`. A fixed sentence, never text of the file. */
  readonly notExecutable?: string;
  open(): RequestTemplate;
  /** Where the request stands, from the text of its file. */
  locate(fileText: string): SourceSpan;
}

export interface RequestTemplate {
  readonly description?: string;
  readonly method: string;
  readonly url: UrlTemplate;
  readonly headers: readonly Field[];
  readonly body: BodyTemplate;
  /** After inheritance: the request's own, else the nearest folder's, else the collection's, else none. */
  readonly auth: AuthTemplate;
  /** The request's own variables and those of the folders around it, innermost first; the collection's are separate. */
  readonly folderVariables: readonly (readonly Variable[])[];
  readonly scripts: readonly Script[];
  readonly settings: RequestSettings;
  readonly examples: readonly Example[];
  readonly assertions?: readonly Assertion[];
  /** After inheritance, outermost first: a later one of the same name counts. */
  readonly answerVariables?: readonly AnswerVariable[];
  /** What the file states of this request and Keyward leaves out when it sends it: fixed sentences, never text of the file. */
  readonly notes?: readonly string[];
}

/** A declarative check of an answer, in Bruno's and OpenCollection's terms: `res.status`, `eq`, `200`. */
export interface Assertion {
  readonly expression: string;
  readonly operator: string;
  readonly value?: Template;
  readonly enabled: boolean;
  readonly description?: string;
}

/** A variable that is set from each answer, in Bruno's and OpenCollection's terms: `orderId`, `res.body.id`. */
export interface AnswerVariable {
  readonly name: string;
  /** JavaScript over `res`, `req`, `bru` and the variables. */
  readonly expression: string;
  readonly enabled: boolean;
  /** As the file states it; absent: `runtime`. Bruno keeps all of them as runtime variables. */
  readonly scope?: 'request' | 'folder' | 'collection' | 'environment';
  readonly description?: string;
}

/** A URL in its parts, before rendering; a variable may hold several parts (`{{baseUrl}}`). */
export interface UrlTemplate {
  /** Everything before the query and fragment: scheme, host, port and path with `:name` segments, joined as the dialect does. */
  readonly address: Template;
  readonly query: readonly QueryField[];
  readonly fragment?: Template;
  /** Values of `:name` path segments. */
  readonly pathVariables: readonly Field[];
}

export interface Field {
  readonly name: Template;
  readonly value: Template;
  readonly enabled: boolean;
  readonly description?: string;
}

/** A query parameter; `value` is null where the URL has a bare name without "=", `name` is null for a bare value. */
export interface QueryField {
  readonly name: Template | null;
  readonly value: Template | null;
  readonly enabled: boolean;
  readonly description?: string;
}

export type BodyTemplate =
  | { readonly kind: 'none' }
  | { readonly kind: 'raw'; readonly text: Template; readonly language?: string }
  | { readonly kind: 'urlencoded'; readonly fields: readonly Field[] }
  | { readonly kind: 'multipart'; readonly parts: readonly PartTemplate[] }
  | { readonly kind: 'file'; readonly path: Template }
  | {
      readonly kind: 'graphql';
      readonly query: Template;
      readonly variables: Template;
      readonly operationName?: Template;
    };

export type PartTemplate =
  | (Field & { readonly kind: 'text'; readonly contentType?: Template })
  | {
      readonly kind: 'file';
      readonly name: Template;
      readonly paths: readonly Template[];
      readonly enabled: boolean;
      readonly contentType?: Template;
      readonly fileName?: Template;
      readonly description?: string;
    };

/** `type` is the dialect-neutral scheme name (none, basic, bearer, apikey, awsv4, oauth2, …); fields use Postman's names. */
export interface AuthTemplate {
  readonly type: string;
  readonly fields: Readonly<Record<string, Template>>;
  readonly from: 'request' | 'folder' | 'collection' | 'none';
}

export interface Script {
  readonly phase: 'before' | 'after';
  readonly from: 'request' | 'folder' | 'collection';
  readonly language: string;
  readonly source: string;
  /** Of a script after the answer where the format tells the two apart; the tests run after all others. */
  readonly stage?: 'response' | 'tests';
}

/** Postman's protocolProfileBehavior, and what other dialects have of it. Absent means the client's default. */
export interface RequestSettings {
  readonly followRedirects?: boolean;
  readonly maxRedirects?: number;
  readonly followOriginalHttpMethod?: boolean;
  readonly followAuthorizationHeader?: boolean;
  readonly removeRefererHeaderOnRedirect?: boolean;
  readonly disableBodyPruning?: boolean;
  readonly disableUrlEncoding?: boolean;
  readonly disableCookies?: boolean;
  readonly strictSSL?: boolean;
  /** How long the whole exchange may take; the product's own limit holds too. */
  readonly timeoutMs?: number;
  readonly disabledSystemHeaders?: readonly string[];
}

export interface Example {
  readonly name: string;
  readonly status?: number;
  readonly headers: readonly Field[];
  readonly body?: string;
}

export interface Variable {
  readonly name: string;
  readonly value: Template;
  readonly enabled: boolean;
  /** Marked secret, or under a sensitive name; its literal parts are sealed. */
  readonly secret: boolean;
  /** A script set it, in the session of one caller; no file has it. */
  readonly written?: true;
  readonly description?: string;
}

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly kind: 'environment' | 'globals';
  readonly file: string;
  /** Ids of the collections that it belongs to; absent: it applies to all. */
  readonly collections?: readonly string[];
  /** After inheritance from a base or extended environment. */
  readonly variables: readonly Variable[];
}
