/** Whether a field of this name is expected to hold a secret. First version; exact lists follow. */
export function isSensitiveName(name: string): boolean {
  const folded = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return /passw|pwd|secret|apikey|accesskey|privatekey|authorization|cookie|credential|passphrase|bearer|jwt|signature|token$/.test(folded);
}
