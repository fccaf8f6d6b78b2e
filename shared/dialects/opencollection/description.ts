import { descriptionOf, type JsonObject, objectOr } from '../../collection/narrow.ts';

/** What an item, a folder or a document says about itself: the short text in `info`, then the documentation. */
export function readDescription(item: JsonObject): { readonly description?: string } {
  const info = objectOr(item.info);
  const short = descriptionOf(info.description ?? info.summary).description ?? '';
  const docs = descriptionOf(item.docs).description ?? '';
  const both = short === docs || short === '' || docs === '' ? short || docs : `${short}\n\n${docs}`;
  return both === '' ? {} : { description: both };
}
