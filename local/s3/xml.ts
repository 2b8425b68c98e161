import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import type * as z from 'zod';
import { S3Error } from './errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** What of XML is a list, however many there are of it. */
const LISTS = ['Part', 'Object', 'Grant'];

const ATTRIBUTE = '@';

const builder = new XMLBuilder({
  processEntities: false,
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  tagValueProcessor: (_, value) => escaped(String(value)),
});

const parser = new XMLParser({
  htmlEntities: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  isArray: (name) => LISTS.includes(name),
});

/** @param element the one around all; undefined and empty elements may be in it */
export function toXml(element: string, content: object): string {
  const namespace = element === 'Error' ? {} : { [`${ATTRIBUTE}xmlns`]: NAMESPACE };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [element]: { ...namespace, ...content } })}`;
}

/** @throws S3Error MalformedXML when it is no XML, or of another shape */
export function fromXml<T>(text: string, schema: z.ZodType<T>): T {
  const parsed = XMLValidator.validate(text) === true ? schema.safeParse(parser.parse(text)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our schema.');
}

/** As S3 tells times in XML. @param time milliseconds since the epoch */
export function timeText(time: number): string {
  return new Date(time).toISOString();
}

/** Also what XML 1.0 has no way to say, as S3 says it. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[&<>"'\u0000-\u001f\u007f]/g, (character) => `&#${character.charCodeAt(0)};`);
}
