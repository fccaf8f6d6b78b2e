// FormParam of Postman's SDK: a part of a multipart body.
import { fieldOf, Property } from './property.ts';
import type { MemberKind } from './property-list.ts';

export class FormParam extends Property {
  key: unknown;
  value: unknown;
  type: unknown;
  src: unknown;
  contentType: unknown;
  fileName: unknown;

  constructor(definition?: unknown) {
    super(definition);
    this.update(definition);
  }

  update(definition: unknown): void {
    this.key = fieldOf(definition, 'key') ?? '';
    this.value = fieldOf(definition, 'value') ?? '';
    this.type = fieldOf(definition, 'type');
    this.src = fieldOf(definition, 'src');
    this.contentType = fieldOf(definition, 'contentType');
    this.fileName = fieldOf(definition, 'fileName');
  }

  override toString(): string {
    return `${String(this.key)}=${String(this.value)}`;
  }

  override valueOf(): object {
    return this.value as object;
  }
}

export const formParamKind: MemberKind<FormParam> = {
  Type: FormParam,
  key: 'key',
  allowsMany: true,
  create: (definition) => new FormParam(definition),
};
