import type { SourceRef } from '../source/source-ref.ts';
import type { Scalar } from './rules-input.ts';
import type { Json } from './workspace.ts';

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';

/** A JSON Schema after references, `allOf` and the differences between OpenAPI's versions are gone. May be circular. */
export interface Schema {
  readonly origin: SourceRef;
  /** The component's name, where it has one. */
  readonly name: string | undefined;
  /** Empty: any type. */
  readonly types: readonly JsonType[];
  readonly nullable: boolean;
  readonly readOnly: boolean;
  /** Sent and never answered: a password. */
  readonly writeOnly: boolean;
  readonly deprecated: boolean;
  readonly format: string | undefined;
  readonly enum: readonly Scalar[] | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly pattern: string | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Set beside `minimum` and `maximum` where the bound itself is not accepted; whole numbers have only inclusive bounds. */
  readonly exclusiveMinimum: number | undefined;
  readonly exclusiveMaximum: number | undefined;
  readonly multipleOf: number | undefined;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  /** What the server takes where nothing is sent. */
  readonly default: Json | undefined;
  /** `base64` and the like. */
  readonly contentEncoding: string | undefined;
  readonly items: Schema | undefined;
  readonly properties: ReadonlyMap<string, Property>;
  /** What members outside `properties` hold; undefined where none are described. */
  readonly additional: Schema | undefined;
  /** The description says that there are none. */
  readonly closed: boolean;
  /** What tells the branches apart, where the description says so. */
  readonly discriminator: Discriminator | undefined;
  /** The branches of `oneOf` and `anyOf`. */
  readonly variants: readonly Schema[];
  /** A fact typed this member's text: `instant`, `decimal`, `text`. */
  readonly meaning: string | undefined;
  /** How XML holds it, where the description says so. */
  readonly xml: XmlHint | undefined;
}

/** OpenAPI's `discriminator` object. */
export interface Discriminator {
  readonly property: string;
  /** Schema names by value of the property. */
  readonly mapping: Readonly<Record<string, string>>;
}

/** OpenAPI's `xml` object. */
export interface XmlHint {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly prefix: string | undefined;
  /** 3.2's words; `attribute: true` of older versions is `attribute`. */
  readonly nodeType: string;
  readonly wrapped: boolean;
}

export interface Property {
  readonly schema: Schema;
  readonly required: boolean;
}

export interface Parameter {
  readonly name: string;
  /** What 3.2 adds, `querystring`, is not handled. */
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'querystring';
  readonly required: boolean;
  readonly schema: Schema;
  /** `json` where the description gives a `content` of JSON instead of a style. */
  readonly style: string;
  readonly explode: boolean;
  readonly origin: SourceRef;
}

export interface Response {
  /** `200`, `4XX` or `default`. */
  readonly status: string;
  readonly mediaType: string | undefined;
  readonly schema: Schema | undefined;
  readonly origin: SourceRef;
}

/** How a property of a form or of a body in parts is written. */
export interface Encoding {
  readonly style: string | undefined;
  readonly explode: boolean | undefined;
  readonly contentType: string | undefined;
  /** What it asks for and is not handled: `headers`. */
  readonly unhandled: string | undefined;
  readonly origin: SourceRef;
}

export interface Body {
  readonly mediaType: string;
  readonly schema: Schema;
  readonly required: boolean;
  /** By property. */
  readonly encoding: ReadonlyMap<string, Encoding>;
}

export interface Operation {
  readonly origin: SourceRef;
  readonly system: string;
  readonly id: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body | undefined;
  readonly responses: readonly Response[];
  /** Ways to be let in, of which one is enough; empty where the description asks for nothing. */
  readonly security: readonly SecurityRequirement[];
}

/** Schemes that are all needed together: OpenAPI's security requirement object. */
export type SecurityRequirement = readonly {
  readonly scheme: string;
  /** `oauth2`, `http`, `apiKey`; undefined where the description does not declare the scheme. */
  readonly type: string | undefined;
  /** Sorted. */
  readonly scopes: readonly string[];
}[];

/** `POST /Contacts`: how messages and documents name an operation. */
export function nameOperation(operation: { readonly method: string; readonly path: string }): string {
  return `${operation.method} ${operation.path}`;
}

/** Whether a value is sent as text: then a literal of the rules goes as it was typed. */
export function wantsText(schema: Schema): boolean {
  return schema.types.length === 0
    ? schema.enum?.every((member) => typeof member === 'string') === true
    : schema.types.includes('string');
}
