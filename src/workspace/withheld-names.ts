// Names of files that hold secrets whatever is in them. Copies that editors and people make have the same secrets.
import { CONFIG_FILE } from '../../shared/config/config-file.ts';
import { dialects } from '../../shared/dialects/dialects.ts';

/** The name of what a file is a copy of: without the endings that say so, lower-case. */
export function originalName(name: string): string {
  const lower = name.toLowerCase();
  return lower.replace(COPY_ENDINGS, '') || lower;
}

const COPY_ENDINGS = /(?:\.(?:bak|old|orig|save|swp|txt)|~)+$/;

export function isConfigName(name: string): boolean {
  return name.toLowerCase() === CONFIG_FILE;
}

/** Why a file of this name is never sent; undefined where its name says nothing. */
export function withheldBecause(name: string): string | undefined {
  const names = new Set([name.toLowerCase(), originalName(name)]);
  return WITHHELD.find(({ matches }) => [...names].some(matches))?.problem;
}

const WITHHELD: readonly { readonly matches: (name: string) => boolean; readonly problem: string }[] = [
  {
    matches: (name) => isConfigName(name) || dialects.some(({ companions }) => companions.includes(name)),
    problem: 'it is a collection, an environment or the configuration',
  },
  {
    matches: (name) => /^(?:dot)?env$|^\.env|\.env$/.test(name),
    problem: 'files of environment variables are never sent',
  },
  {
    matches: (name) => /^id_(?:rsa|dsa|ecdsa|ed25519|xmss)[^.]*$|\.(?:pem|key|p12|pfx)$/.test(name),
    problem: 'files of keys are never sent',
  },
];
