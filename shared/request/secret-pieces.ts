// Where secrets stand in a plan. A place that is missing here would be neither checked nor opened, so it would fail at
// writing: the openers know only the pieces found here.

import type { SecretPlace } from '../secret/secret-ref.ts';
import type { DerivedPiece, LeafSecret, Rendered } from '../template/template.ts';
import type { PlanFields, PlannedBody, PlannedHeader } from './plan.ts';

/** A secret and where in the request it stands. */
export interface PlacedSecret {
  readonly piece: LeafSecret;
  readonly place: SecretPlace;
}

/** Every secret piece that a plan would send, in the order of the request. */
export function secretPieces(plan: PlanFields): LeafSecret[] {
  return placedSecrets(plan).map(({ piece }) => piece);
}

/** The same with their places. A scheme puts what stands in an auth field where it will: that is its own place. */
export function placedSecrets(plan: PlanFields): PlacedSecret[] {
  return placedTexts(plan).flatMap(({ text, place }) => secretsOf(text).map((piece) => ({ piece, place })));
}

/** What of a plan is text. */
export type PlannedTexts = Pick<PlanFields, 'url' | 'headers' | 'body' | 'auth'>;

interface PlacedText {
  readonly text: Rendered;
  readonly place: SecretPlace;
}

function placedTexts({ url, headers, body, auth }: PlannedTexts): PlacedText[] {
  const at = (place: SecretPlace, texts: readonly Rendered[]) => texts.map((text) => ({ text, place }));
  return [
    ...at('path', [url.path]),
    ...at(
      'query',
      url.query.flatMap(({ name, value }) => [name ?? [], value ?? []]),
    ),
    ...headers.flatMap((header) => at(headerPlace(header), [header.value])),
    ...at('body', bodyTexts(body)),
    ...at('auth', Object.values(auth.fields)),
  ];
}

/** The places of each handle. */
export function handlePlaces(plan: PlanFields): ReadonlyMap<string, readonly SecretPlace[]> {
  const places = new Map<string, SecretPlace[]>();
  for (const { piece, place } of placedSecrets(plan)) {
    if (piece.kind !== 'handle') continue;
    const known = places.get(piece.id) ?? [];
    places.set(piece.id, known.includes(place) ? known : [...known, place]);
  }
  return places;
}

function headerPlace({ name }: PlannedHeader): SecretPlace {
  return /^cookie2?$/i.test(name) ? 'cookie' : 'header';
}

/** Whether any secret stands in a body. */
export function bodyHasSecret(body: PlannedBody): boolean {
  return bodyTexts(body).some((text) => text.some(({ kind }) => kind !== 'text'));
}

/** Every computation whose result a plan would send; what stands in another is none of them. */
export function derivedPieces(plan: PlannedTexts): DerivedPiece[] {
  return placedTexts(plan).flatMap(({ text }) => text.filter((piece) => piece.kind === 'derived'));
}

/** The secrets of one rendered text, and those that stand in what is computed there. */
export function secretsOf(rendered: Rendered): LeafSecret[] {
  return rendered.flatMap((piece): LeafSecret[] => {
    if (piece.kind === 'text') return [];
    return piece.kind === 'derived' ? piece.inputs.flatMap(secretsOf) : [piece];
  });
}

function bodyTexts(body: PlannedBody): readonly Rendered[] {
  switch (body.kind) {
    case 'none':
    case 'bytes':
      return [];
    case 'text':
      return [body.text];
    case 'urlencoded':
      return body.fields.flatMap(({ name, value }) => [name, value]);
    case 'multipart':
      return body.parts.flatMap((part) => (part.kind === 'text' ? [part.name, part.value] : [part.name]));
  }
}
