/** The configuration at the root of a workspace. */
export const CONFIG_FILE = 'keyward.yaml';
