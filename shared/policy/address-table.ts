// Which addresses are denied and why. Every entry of the IANA special-purpose registries (RFC 6890) stands here under the name
// that it has there, and what other sources add under theirs. IPv6 is denied outside 2000::/3, so the rows there only say why.

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
  dummy: 'a dummy address',
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

/** One row: its range, the verdict, the name that its source gives it, and the document that reserves it. */
export type DeniedRange = readonly [range: string, code: AddressVerdictCode, name: string, document: string];

/** The IANA IPv4 Special-Purpose Address Registry; of nested entries the narrower stands first. */
export const specialPurposeV4: readonly DeniedRange[] = [
  ['0.0.0.0/32', 'unspecified', 'This host on this network', 'RFC 1122, section 3.2.1.3'],
  ['0.0.0.0/8', 'this-network', 'This network', 'RFC 791, section 3.2'],
  ['10.0.0.0/8', 'private', 'Private-Use', 'RFC 1918'],
  ['100.64.0.0/10', 'shared', 'Shared Address Space', 'RFC 6598'],
  ['127.0.0.0/8', 'loopback', 'Loopback', 'RFC 1122, section 3.2.1.3'],
  ['169.254.0.0/16', 'link-local', 'Link Local', 'RFC 3927'],
  ['172.16.0.0/12', 'private', 'Private-Use', 'RFC 1918'],
  ['192.0.0.0/29', 'protocol', 'IPv4 Service Continuity Prefix', 'RFC 7335'],
  ['192.0.0.8/32', 'dummy', 'IPv4 dummy address', 'RFC 7600'],
  ['192.0.0.9/32', 'protocol', 'Port Control Protocol Anycast', 'RFC 7723'],
  ['192.0.0.10/32', 'protocol', 'Traversal Using Relays around NAT Anycast', 'RFC 8155'],
  ['192.0.0.170/32', 'protocol', 'NAT64/DNS64 Discovery', 'RFC 8880, RFC 7050, section 2.2'],
  ['192.0.0.171/32', 'protocol', 'NAT64/DNS64 Discovery', 'RFC 8880, RFC 7050, section 2.2'],
  ['192.0.0.0/24', 'protocol', 'IETF Protocol Assignments', 'RFC 6890, section 2.1'],
  ['192.0.2.0/24', 'documentation', 'Documentation (TEST-NET-1)', 'RFC 5737'],
  ['192.31.196.0/24', 'as112', 'AS112-v4', 'RFC 7535'],
  ['192.52.193.0/24', 'amt', 'AMT', 'RFC 7450'],
  ['192.88.99.2/32', 'protocol', '6a44-relay anycast address', 'RFC 6751'],
  ['192.88.99.0/24', 'relay-6to4', 'Deprecated (6to4 Relay Anycast)', 'RFC 7526'],
  ['192.168.0.0/16', 'private', 'Private-Use', 'RFC 1918'],
  ['192.175.48.0/24', 'as112', 'Direct Delegation AS112 Service', 'RFC 7534'],
  ['198.18.0.0/15', 'benchmarking', 'Benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'Documentation (TEST-NET-2)', 'RFC 5737'],
  ['203.0.113.0/24', 'documentation', 'Documentation (TEST-NET-3)', 'RFC 5737'],
  ['255.255.255.255/32', 'broadcast', 'Limited Broadcast', 'RFC 8190, RFC 919, section 7'],
  ['240.0.0.0/4', 'reserved', 'Reserved', 'RFC 1112, section 4'],
];

/**
 * The IANA IPv6 Special-Purpose Address Registry, without its IPv4-mapped addresses, which are judged as the IPv4 addresses
 * that they are; of nested entries the narrower stands first.
 */
export const specialPurposeV6: readonly DeniedRange[] = [
  ['::1/128', 'loopback', 'Loopback Address', 'RFC 4291'],
  ['::/128', 'unspecified', 'Unspecified Address', 'RFC 4291'],
  ['64:ff9b::/96', 'nat64', 'IPv4-IPv6 Translat.', 'RFC 6052'],
  ['64:ff9b:1::/48', 'nat64', 'IPv4-IPv6 Translat.', 'RFC 8215'],
  ['100::/64', 'discard', 'Discard-Only Address Block', 'RFC 6666'],
  ['100:0:0:1::/64', 'dummy', 'Dummy IPv6 Prefix', 'RFC 9780'],
  ['2001::/32', 'teredo', 'TEREDO', 'RFC 4380, RFC 8190'],
  ['2001:1::1/128', 'protocol', 'Port Control Protocol Anycast', 'RFC 7723'],
  ['2001:1::2/128', 'protocol', 'Traversal Using Relays around NAT Anycast', 'RFC 8155'],
  ['2001:1::3/128', 'protocol', 'DNS-SD Service Registration Protocol Anycast', 'RFC 9665'],
  ['2001:2::/48', 'benchmarking', 'Benchmarking', 'RFC 5180, RFC Errata 1752'],
  ['2001:3::/32', 'amt', 'AMT', 'RFC 7450'],
  ['2001:4:112::/48', 'as112', 'AS112-v6', 'RFC 7535'],
  ['2001:10::/28', 'orchid', 'Deprecated (previously ORCHID)', 'RFC 4843'],
  ['2001:20::/28', 'orchid', 'ORCHIDv2', 'RFC 7343'],
  ['2001:30::/28', 'drone', 'Drone Remote ID Protocol Entity Tags (DETs) Prefix', 'RFC 9374'],
  ['2001::/23', 'protocol', 'IETF Protocol Assignments', 'RFC 2928'],
  ['2001:db8::/32', 'documentation', 'Documentation', 'RFC 3849'],
  ['2002::/16', '6to4', '6to4', 'RFC 3056'],
  ['2620:4f:8000::/48', 'as112', 'Direct Delegation AS112 Service', 'RFC 7534'],
  ['3fff::/20', 'documentation', 'Documentation', 'RFC 9637'],
  ['5f00::/16', 'segment-routing', 'Segment Routing (SRv6) SIDs', 'RFC 9602'],
  ['fc00::/7', 'unique-local', 'Unique-Local', 'RFC 4193, RFC 8190'],
  ['fe80::/10', 'link-local', 'Link-Local Unicast', 'RFC 4291'],
];

/** What those two registries do not hold: multicast has registries of its own, and deprecated forms have left them. */
export const otherDenied: readonly DeniedRange[] = [
  ['224.0.0.0/4', 'multicast', 'IANA IPv4 Multicast Address Space Registry', 'RFC 5771'],
  ['ff00::/8', 'multicast', 'IANA IPv6 Multicast Address Space Registry', 'RFC 4291, section 2.7'],
  ['fec0::/10', 'site-local', 'Site-local unicast, deprecated', 'RFC 3879'],
  ['::/96', 'ipv4-compatible', 'IPv4-compatible IPv6 addresses, deprecated', 'RFC 4291, section 2.5.5.1'],
  ['::ffff:0:0:0/96', 'ipv4-translated', 'IPv4-translated addresses, obsolete', 'RFC 2765, section 2.1'],
];

/** The first row that holds the address decides. */
export const deniedRanges: readonly DeniedRange[] = [...specialPurposeV4, ...specialPurposeV6, ...otherDenied];

/** Global Unicast in the IANA IPv6 Address Space registry: all that can be public. */
export const globalUnicastV6 = '2000::/3';
/** IPv4-mapped Address in the IANA registry (RFC 4291, section 2.5.5.2). */
export const mappedV4 = '::ffff:0:0/96';

/**
 * IPv6 prefixes that carry an IPv4 address, and the bytes where it stands. Those of RFC 6052 leave out byte 8; the local-use
 * prefix may be cut at any of its lengths (RFC 8215). Teredo's last four bytes are inverted (RFC 4380).
 */
export const embeddedV4: readonly {
  readonly range: string;
  readonly at: readonly [number, number, number, number];
  readonly inverted?: true;
}[] = [
  { range: '::/96', at: [12, 13, 14, 15] },
  { range: '::ffff:0:0:0/96', at: [12, 13, 14, 15] },
  { range: '64:ff9b::/96', at: [12, 13, 14, 15] },
  { range: '64:ff9b:1::/48', at: [6, 7, 9, 10] },
  { range: '64:ff9b:1::/48', at: [7, 9, 10, 11] },
  { range: '64:ff9b:1::/48', at: [9, 10, 11, 12] },
  { range: '64:ff9b:1::/48', at: [12, 13, 14, 15] },
  { range: '2002::/16', at: [2, 3, 4, 5] },
  { range: '2001::/32', at: [4, 5, 6, 7] },
  { range: '2001::/32', at: [12, 13, 14, 15], inverted: true },
];

/** What an origin exception opens: a service of the operator's own machine or network. Nothing else is worth an exception. */
export const openableByOrigin: ReadonlySet<AddressVerdictCode> = new Set([
  'loopback',
  'private',
  'shared',
  'unique-local',
]);

/** Addresses of metadata services and whose they are: denied even where the operator allows the range or the origin. */
export const metadataAddresses: readonly (readonly [address: string, service: string])[] = [
  ['169.254.169.254', 'AWS, Google Cloud, Azure, Oracle, DigitalOcean, Hetzner, OpenStack and others'],
  ['169.254.169.252', 'Google Kubernetes Engine'],
  ['169.254.170.2', 'AWS ECS task credentials'],
  ['169.254.170.23', 'AWS EKS pod identity'],
  ['169.254.0.23', 'Tencent Cloud'],
  ['169.254.10.10', 'Tencent Cloud'],
  ['169.254.42.42', 'Scaleway'],
  ['100.100.100.200', 'Alibaba Cloud'],
  ['192.0.0.192', 'Oracle Cloud Classic'],
  ['168.63.129.16', 'Azure WireServer, in a public range'],
  ['fd00:ec2::254', 'AWS over IPv6'],
  ['fd00:ec2::23', 'AWS EKS pod identity over IPv6'],
  ['fd20:ce::254', 'Google Cloud over IPv6'],
  ['fd00:c1::a9fe:a9fe', 'Oracle Cloud over IPv6'],
  ['fd00:42::42', 'Scaleway over IPv6'],
  ['fd00:a9fe:a9fe::1', 'Akamai (Linode) over IPv6'],
  ['fd00:100::100:200', 'Alibaba Cloud over IPv6'],
  ['fe80::a9fe:a9fe', 'OpenStack and Hetzner over IPv6'],
];

/** Names of metadata services, lower case and without a trailing dot: denied before they are resolved. */
export const metadataNames: readonly (readonly [name: string, service: string])[] = [
  ['metadata', 'Google Cloud'],
  ['metadata.google.internal', 'Google Cloud'],
  ['metadata.goog', 'Google Cloud'],
  ['metadata.tencentyun.com', 'Tencent Cloud'],
  ['metadata.packet.net', 'Equinix Metal'],
  ['metadata.platformequinix.com', 'Equinix Metal'],
  ['api.metadata.cloud.ibm.com', 'IBM Cloud'],
  ['instance-data', 'AWS'],
  ['instance-data.ec2.internal', 'AWS'],
  ['rancher-metadata', 'Rancher'],
  ['rancher-metadata.rancher.internal', 'Rancher'],
];
