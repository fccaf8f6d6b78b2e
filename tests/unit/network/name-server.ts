// A name server on loopback and a resolver that asks it: what a hostile zone can say reaches the guard through real packets.
import { createSocket } from 'node:dgram';
import { promises as dns } from 'node:dns';
import type { AddressInfo } from 'node:net';
import { parseAddress } from '../../../shared/policy/address-text.ts';
import type { AddressRecord, Resolve } from '../../../src/network/pin.ts';

type RecordType = 'A' | 'AAAA' | 'CNAME';
export type ZoneRecord = readonly [type: RecordType, value: string];

/** Names to their records; a function is asked anew at each query and told how many came before. */
export type Zone = Readonly<Record<string, readonly ZoneRecord[] | ((queries: number) => readonly ZoneRecord[])>>;

export interface NameServer {
  readonly resolve: Resolve;
  /** Names asked for, in order, once for each record type. */
  readonly asked: string[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<RecordType, number>> = { A: 1, CNAME: 5, AAAA: 28 };
const HEADER_BYTES = 12;
/** QR, AA, RA. */
const ANSWER_FLAGS = 0x8480;

export async function startNameServer(zone: Zone): Promise<NameServer> {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const records = (name: string, type: number): readonly ZoneRecord[] => {
    const entry = zone[name] ?? [];
    const key = `${name} ${type}`;
    const before = counts.get(key) ?? 0;
    counts.set(key, before + 1);
    return typeof entry === 'function' ? entry(before) : entry;
  };
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    asked.push(name);
    const answers = follow(name, type, records);
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(ANSWER_FLAGS, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((ready) => socket.bind(0, '127.0.0.1', ready));
  const resolver = new dns.Resolver({ timeout: 5_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${(socket.address() as AddressInfo).port}`]);
  const all = async (family: 4 | 6, found: Promise<string[]>): Promise<AddressRecord[]> =>
    (await found.catch(() => [])).map((address) => ({ address, family }));
  return {
    asked,
    resolve: async (host) => [...(await all(4, resolver.resolve4(host))), ...(await all(6, resolver.resolve6(host)))],
    close: () => {
      resolver.cancel();
      return new Promise((closed) => socket.close(() => closed()));
    },
  };
}

/** The records of the type asked for, behind every CNAME on the way to them. */
function follow(name: string, type: number, records: (name: string, type: number) => readonly ZoneRecord[]): Buffer[] {
  const found = records(name, type);
  const alias = found.find(([kind]) => kind === 'CNAME');
  if (alias) return [writeRecord(name, alias), ...follow(alias[1], type, records)];
  return found.filter(([kind]) => TYPES[kind] === type).map((record) => writeRecord(name, record));
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

// Time to live 0: whoever asks again is answered anew.
function writeRecord(name: string, [type, value]: ZoneRecord): Buffer {
  const data = type === 'CNAME' ? writeName(value) : Buffer.from(parseAddress(value)?.bytes ?? []);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(name), fixed, data]);
}

function writeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
