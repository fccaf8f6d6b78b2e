// docs/reference/addresses.md, written from the table.
import {
  type DeniedRange,
  deniedRanges,
  globalUnicastV6,
  mappedV4,
  metadataAddresses,
  metadataNames,
  openableByOrigin,
  otherDenied,
  specialPurposeV4,
  specialPurposeV6,
  verdictOf,
} from '../../../shared/policy/address-table.ts';
import { blockedPorts } from '../../../shared/policy/port.ts';

const GENERATED =
  '<!-- Generated from the address table; a test compares it. Write it anew with UPDATE=1 npx vitest run tests/unit/policy-address/addresses-page.test.ts -->';

const REGISTRY = 'https://www.iana.org/assignments';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rangeTable(rows: readonly DeniedRange[]): string {
  return table(
    ['range', 'name', 'document', 'denied as', 'an origin opens it'],
    rows.map(([range, code, name, document]) => [
      `\`${range}\``,
      name,
      document,
      verdictOf(code).reason,
      openableByOrigin.has(code) ? 'yes' : 'no',
    ]),
  );
}

const INTRODUCTION = `Every address is judged before a byte is sent: a literal as it stands in the URL, and every record of a name, where one denied
record denies the name. IPv4 is allowed unless a row below holds it. IPv6 is denied unless it lies in \`${globalUnicastV6}\` (Global Unicast) and
no row holds it; there an interface identifier of ISATAP (RFC 5214) is denied too. An IPv4-mapped address (\`${mappedV4}\`) is judged as
its IPv4 address. An address with a zone id is denied. Of two rows that hold an address the narrower gives the reason.

The operator makes exceptions with \`network.allow\` in keyward.yaml, once trusted: a range opens its addresses for every origin; an origin
opens, for itself alone, those rows that say so, and a port of the last list.`;

/** The whole page. */
export function addressesPage(): string {
  return [
    GENERATED,
    '# Denied addresses',
    INTRODUCTION,
    '## IANA IPv4 Special-Purpose Address Registry',
    `${REGISTRY}/iana-ipv4-special-registry`,
    rangeTable(specialPurposeV4),
    '## IANA IPv6 Special-Purpose Address Registry',
    `${REGISTRY}/iana-ipv6-special-registry`,
    rangeTable(specialPurposeV6),
    '## From other sources',
    rangeTable(otherDenied),
    '## Metadata services',
    'Denied whatever is allowed, also as IPv4 address inside an IPv6 one; the names before they are resolved.',
    table(
      ['address or name', 'service'],
      [...metadataAddresses, ...metadataNames].map(([text, service]) => [`\`${text}\``, service]),
    ),
    '## Ports of other protocols',
    `The bad ports of the Fetch standard ("Port blocking"), denied unless \`network.allow\` names the origin with its port: ${[...blockedPorts].join(', ')}.`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** How many rows the page must show. */
export const pageRows = deniedRanges.length + metadataAddresses.length + metadataNames.length;
