// Which addresses are denied and why. Sources: the IANA special-purpose registries (RFC 6890) and the documented metadata
// services of the clouds. IPv6 is denied outside 2000::/3, so the rows there only say why.

export interface AddressVerdict {
  readonly code: AddressVerdictCode;
  readonly allowed: boolean;
  /** Completes "the address is …". */
  readonly reason: string;
}

const reasons = {
  public: 'a public address',
  'allowed-origin': 'allowed by the operator for this origin',
  'allowed-range': 'in a range that the operator allows',
  malformed: 'not an IP address',
  zone: 'an address with a zone id',
  metadata: 'a cloud metadata service',
  'metadata-name': 'the name of a cloud metadata service',
  'this-network': 'an address of "this network", 0.0.0.0/8',
  unspecified: 'the unspecified address',
  loopback: 'a loopback address',
  private: 'a private address',
  shared: 'a carrier-grade NAT address',
  'unique-local': 'a unique local (private) IPv6 address',
  'link-local': 'a link-local address',
  'site-local': 'a site-local address',
  protocol: 'reserved for IETF protocols',
  documentation: 'reserved for documentation',
  as112: 'an AS112 sink',
  amt: 'a multicast tunnel relay',
  'relay-6to4': 'a 6to4 relay',
  benchmarking: 'reserved for benchmarking',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  reserved: 'reserved for future use',
  'ipv4-compatible': 'an IPv4 address inside a deprecated IPv6 form',
  'ipv4-translated': 'an IPv4 address inside an IPv6 translation prefix',
  nat64: 'an IPv4 address inside a NAT64 prefix',
  discard: 'a discard-only address',
  'segment-routing': 'a segment routing identifier',
  teredo: 'an IPv4 address inside a Teredo tunnel',
  '6to4': 'an IPv4 address inside a 6to4 tunnel',
  isatap: 'an IPv4 address inside an ISATAP tunnel',
  orchid: 'a cryptographic identifier, not a location',
  drone: 'a drone identifier, not a location',
  'not-global': 'outside the global unicast range of IPv6',
} as const;

export type AddressVerdictCode = keyof typeof reasons;

const ALLOWED: ReadonlySet<AddressVerdictCode> = new Set(['public', 'allowed-origin', 'allowed-range']);

/** The verdict of a code, with its sentence. */
export function verdictOf(code: AddressVerdictCode): AddressVerdict {
  return { code, allowed: ALLOWED.has(code), reason: reasons[code] };
}

export const verdictCodes = Object.keys(reasons) as AddressVerdictCode[];

/** The first row that holds the address decides. */
export const deniedRanges: readonly (readonly [range: string, code: AddressVerdictCode])[] = [
  ['0.0.0.0/32', 'unspecified'],
  ['0.0.0.0/8', 'this-network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'as112'],
  ['192.52.193.0/24', 'amt'],
  ['192.88.99.0/24', 'relay-6to4'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'as112'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],

  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'ipv4-compatible'],
  ['::ffff:0:0:0/96', 'ipv4-translated'],
  ['64:ff9b::/96', 'nat64'],
  ['64:ff9b:1::/48', 'nat64'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'discard'],
  ['5f00::/16', 'segment-routing'],
  ['fc00::/7', 'unique-local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
  ['2001::/32', 'teredo'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:3::/32', 'amt'],
  ['2001:4:112::/48', 'as112'],
  ['2001:10::/28', 'orchid'],
  ['2001:20::/28', 'orchid'],
  ['2001:30::/28', 'drone'],
  ['2001::/23', 'protocol'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'as112'],
  ['3fff::/20', 'documentation'],
];

export const globalUnicastV6 = '2000::/3';
export const mappedV4 = '::ffff:0:0/96';

/** IPv6 prefixes that carry an IPv4 address, and the byte where it starts; Teredo's last four bytes are inverted (RFC 4380). */
export const embeddedV4: readonly { readonly range: string; readonly at: number; readonly inverted?: true }[] = [
  { range: '::/96', at: 12 },
  { range: '::ffff:0:0:0/96', at: 12 },
  { range: '64:ff9b::/96', at: 12 },
  { range: '64:ff9b:1::/48', at: 12 },
  { range: '2002::/16', at: 2 },
  { range: '2001::/32', at: 4 },
  { range: '2001::/32', at: 12, inverted: true },
];

/** What an origin exception opens: a service of the operator's own machine or network. Nothing else is worth an exception. */
export const openableByOrigin: ReadonlySet<AddressVerdictCode> = new Set([
  'loopback',
  'private',
  'shared',
  'unique-local',
]);

/** Denied even where the operator allows the range or the origin. */
export const metadataAddresses: readonly string[] = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.0.23',
  '169.254.42.42',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fe80::a9fe:a9fe',
];

/** Lower case, without a trailing dot. */
export const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'api.metadata.cloud.ibm.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
  'rancher-metadata.rancher.internal',
]);
