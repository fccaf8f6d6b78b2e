// What the operator is told where the data folder and a workspace lie one in the other.

export const MOVE_HOME = 'Move the data folder out of every workspace, or choose another with --home or KEYWARD_HOME.';

export function entangled(home: string, root: string): string {
  return `the data folder ${home} and the workspace ${root} lie one inside the other; nothing is served of the data folder, but whoever may read the workspace may read the keys in it.`;
}
