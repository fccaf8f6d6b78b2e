// The certificate and the key that this server shows, from files or a file descriptor.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { HttpConfig } from '../../shared/config/http-schema.ts';
import type { HttpSettings } from '../../shared/config/http-settings.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { readDescriptor } from './key-descriptor.ts';
import { readOperatorFile } from './operator-file.ts';

type TlsConfig = NonNullable<HttpConfig['tls']>;

/** Both as PEM texts; file names are relative to `configFile`. Failures: CONFIG/UNREADABLE, CONFIG/INVALID, naming the file. */
export function readServerKey(
  { cert, key, keyFd }: TlsConfig,
  configFile: string,
  isServed: (path: string) => boolean,
): Result<NonNullable<HttpSettings['tls']>> {
  const chain = readChain(resolve(dirname(configFile), cert), isServed);
  if (!chain.ok) return chain;
  const { text, certificate } = chain.value;
  const keyFile = key === undefined ? `file descriptor ${keyFd}` : resolve(dirname(configFile), key);
  const secret = keyFd === undefined ? readPem(keyFile, { isServed, isSecret: true }) : readKey(keyFd, keyFile);
  if (!secret.ok) return secret;
  const opened = attempt(() => createPrivateKey(secret.value));
  if (!opened) return invalid(keyFile, 'it holds no private key in PEM form that opens without a passphrase');
  if (!certificate.checkPrivateKey(opened)) return invalid(keyFile, 'it is not the key of the certificate');
  return ok({ cert: text, key: secret.value });
}

/** The certificate alone. Failures: those of it. */
export function readServerCertificate(
  { cert }: Pick<TlsConfig, 'cert'>,
  configFile: string,
  isServed: (path: string) => boolean,
): Result<{ readonly cert: string }> {
  const chain = readChain(resolve(dirname(configFile), cert), isServed);
  return chain.ok ? ok({ cert: chain.value.text }) : chain;
}

interface Chain {
  readonly text: string;
  readonly certificate: X509Certificate;
}

function readChain(file: string, isServed: (path: string) => boolean): Result<Chain> {
  const text = readPem(file, { isServed });
  if (!text.ok) return text;
  const certificate = attempt(() => new X509Certificate(text.value));
  return certificate ? ok({ text: text.value, certificate }) : invalid(file, 'it holds no certificate in PEM form');
}

function readPem(
  file: string,
  rules: { readonly isServed: (path: string) => boolean; readonly isSecret?: boolean },
): Result<string> {
  const read = readOperatorFile(file, { ...rules, maxBytes: limits.certificateFileBytes });
  if (!read.ok) return read;
  return read.value ? ok(read.value.toString()) : err(failure('CONFIG/UNREADABLE', { file }, { file }));
}

function readKey(descriptor: number, name: string): Result<string> {
  const isWhole = (bytes: Buffer): boolean => /-----END [A-Z ]*PRIVATE KEY-----/.test(bytes.toString('latin1'));
  const bytes = readDescriptor(descriptor, limits.certificateFileBytes, isWhole);
  return bytes ? ok(bytes.toString()) : err(failure('CONFIG/UNREADABLE', { file: name }));
}

function invalid(file: string, problem: string): Result<never> {
  return err(failure('CONFIG/INVALID', { file, problem }, { file }));
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
